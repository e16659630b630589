// Ready-made messages to try, one for each thing that Afterbell does.

export interface Example {
  readonly id: string;
  readonly label: string;
  /** What it is there to show. */
  readonly shows: string;
  readonly channel: "email" | "sms";
  /** As in senders.ts. */
  readonly sender: string;
  /** Staff ids; for a text, one of the school's numbers. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** How many times it is sent. */
  readonly times: number;
}

export const TEXTS_OF_SHAH = "+447700900101";
const one = { channel: "email", times: 1 } as const;

export const examples: readonly Example[] = [
  {
    ...one,
    id: "question",
    label: "An ordinary question",
    shows: "Held at night, delivered at once in working hours",
    sender: "1002",
    to: ["shah"],
    subject: "Reading book",
    text: "Hello Mrs Shah,\n\nAnjali has finished her reading book. Should she bring it back this week, or keep it until the library opens again?\n\nMany thanks\nPriya",
  },
  {
    ...one,
    id: "text",
    label: "A text message",
    shows: "Texts wait and are answered as mail is",
    channel: "sms",
    sender: "1010",
    to: [TEXTS_OF_SHAH],
    subject: "",
    text: "Hi, is it PE kit or uniform on Monday? Thanks, Beatriz (Tomas, Nursery)",
  },
  {
    ...one,
    id: "absence",
    label: "Absent this morning",
    shows: "Cannot wait: the office gets it at once",
    sender: "1008",
    to: ["shah"],
    subject: "Alfie not in today",
    text: "Morning,\n\nAlfie has been sick in the night so he won't be in school today. Sorry for the short notice.\n\nJo Tibbs",
  },
  {
    ...one,
    id: "furious",
    label: "Furious, but fair",
    shows: "Anger is no abuse: nobody hides it",
    sender: "1003",
    to: ["lindqvist"],
    subject: "Elsie's maths set",
    text: "Mr Lindqvist,\n\nI am absolutely furious. This is the third time that Elsie has been moved down without anybody telling us, and it is simply not good enough. She came home in tears. I expect an explanation of how these decisions are made, and I would like it this week.\n\nTom Whitfield",
  },
  {
    ...one,
    id: "complaint",
    label: "A formal complaint",
    shows: "Goes to the complaints address at once",
    sender: "1004",
    to: ["haddad"],
    subject: "Formal complaint",
    text: "Dear Miss Haddad,\n\nI wish to make a formal complaint about how the trip to the farm was organised. Ruth was left at the gate without an adult for twenty minutes. Please treat this as a complaint under the school's complaints procedure.\n\nGrace Adeyemi",
  },
  {
    ...one,
    id: "abuse",
    label: "Abuse",
    shows: "Kept from staff, put before the headteacher",
    sender: "1005",
    to: ["novak"],
    subject: "Nia's detention",
    text: "You are a pathetic excuse for a teacher and everyone at the gate knows it. You stupid cow, you should be ashamed to show your face here.",
  },
  {
    ...one,
    id: "threat",
    label: "A threat",
    shows: "A serious case in the headteacher's queue",
    sender: "stranger",
    to: ["novak", "lindqvist"],
    subject: "Last warning",
    text: "Keep picking on my daughter and I will come down there and break your jaw. I know what car you drive.",
  },
  {
    ...one,
    id: "disclosure",
    label: "A possible disclosure",
    shows: "Never held: the safeguarding lead is alerted",
    sender: "1006",
    to: ["shah"],
    subject: "Kian",
    text: "Dear Mrs Shah,\n\nI do not know who else to tell. Kian's stepdad hit him again last night and he has bruises on his arms. I am scared of what he will do to him if I say anything.\n\nLeila",
  },
  {
    ...one,
    id: "often",
    label: "Seven messages in a row",
    shows: "Over the limit: one digest instead",
    sender: "1001",
    to: ["shah"],
    subject: "Homework",
    text: "When will the homework be online? It is still not there.",
    times: 7,
  },
  {
    ...one,
    id: "many",
    label: "To three teachers at once",
    shows: "Each one's own hours, and only one reply",
    sender: "1007",
    to: ["shah", "brennan", "haddad"],
    subject: "Zofia - violin lessons",
    text: "Dear all,\n\nZofia would like to begin with the violin after the holidays. Whom do we have to ask?\n\nMarek Zielonka",
  },
  {
    ...one,
    id: "supplier",
    label: "A supplier's mail",
    shows: "Not from a parent: never touched",
    sender: "supplier",
    to: ["office"],
    subject: "Your order 40718 has been sent",
    text: "Dear customer,\n\nyour order of 40 boxes of paper will be delivered on Tuesday.\n\nBright Paper",
  },
  {
    ...one,
    id: "newsletter",
    label: "A newsletter",
    shows: "From a machine: never touched or answered",
    sender: "newsletter",
    to: ["shah", "brennan"],
    subject: "This week: growing beans in a jar",
    text: "Five experiments for a rainy afternoon, and what the beans are telling us.",
  },
  {
    ...one,
    id: "out-of-office",
    label: "An out-of-office answer",
    shows: "Never answered: two machines would never stop",
    sender: "out-of-office",
    to: ["shah"],
    subject: "Automatic reply: Reading book",
    text: "I am out of the office until Tuesday and will answer your message then.",
  },
  {
    ...one,
    id: "friend",
    label: "A friend request on a social network",
    shows: "Kept from staff when it names a parent",
    sender: "social-network",
    to: ["shah"],
    subject: "Callum Reid sent you a friend request",
    text: "Callum Reid wants to be friends with you on Facebook.\n\nConfirm request\nSee all requests",
  },
];
