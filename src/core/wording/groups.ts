// Groups of words that a lexicon's terms can name: <child>, <staff>, <kin>, … and who is meant by them.

/** Members are one or more normalised words; `_` is any one word (a surname). */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  staff:
    words(`teacher, teachers, the head, this head, that head, our head, new head, headteacher, headmaster, headmistress, head teacher, deputy head,
    principal, vice principal, teaching assistant, teaching assistants, ta, tas, lsa, senco, sendco, staff,
    receptionist, secretary, school secretary, office staff, office lady, office ladies, dinner lady,
    dinner ladies, lunchtime supervisor, caretaker, tutor, form tutor, head of year, sir, staff member,
    member of staff, members of staff, governor, governors, teaching staff, office manager, pastoral lead,
    dsl, safeguarding lead, mr _, mrs _, ms _, dr _, miss _`),
  school: words(`school, schools, academy, nursery, primary, office, trust, class, management,
    leadership, slt, establishment`),
  parent: words(`parent, parents, mother, mothers, father, fathers, mum, mums, dad, dads, pta, neighbour,
    carer, families, guardian`),
  pupil: words(`pupil, pupils, child, children, kid, kids, boy, boys, girl, girls, student, students, lad,
    lads, brat, brats, son, daughter, classmate, bully`),
  child:
    words(`son, daughter, child, children, kid, kids, boy, girl, little boy, little girl, lad, little one,
    baby, grandson, granddaughter, grandchild, nephew, niece, stepson, stepdaughter, foster child, eldest,
    youngest, twins, sister, brother, friend, student, pupil, he, she, they, him, her, them`),
  adult:
    words(`dad, dads, daddy, father, mum, mums, mummy, mom, mother, mam, stepdad, stepmum, step dad, step mum,
    step father, step mother, stepfather, stepmother, parents, uncle, aunt, auntie, grandad, grandfather, nan,
    grandma, stepbrother, step brother, cousin, husband, wife, partner, boyfriend, girlfriend, my ex, ex husband,
    ex partner, ex wife, babysitter, coach, family friend, childminder, older brother, big brother,
    a man, this man, some man, an older man, an adult, a grown up, lodger, neighbour`),
  will: words(`will, shall, am going to, am about to, are going to, would love to, want to, am coming to,
    am coming down to, am coming in to, swear i will, swear to god i will, promise i will, would, could, might,
    ought to, should, feel like, will be coming to, will come down there and, will come round and`),
  you: words(`you, you all, you lot, the lot of you, all of you, every one of you, every last one of you,
    each of you, your family, your kids, your children, your husband, your wife, one of you, that <staff>,
    the <staff>, this <staff>, your <staff>, <staff>, that man, that woman, that bitch, that bastard, that cow,
    the lot of them, whoever, everyone in that school, everyone at that school`),
  them: words("him, her, them, he, she, they"),
  harm: words(`kill, murder, stab, shoot, strangle, shank, behead, execute, knife, slaughter, hurt, batter,
    punch, slap, bash, twat, deck, floor, lamp, smash, maim, destroy, attack, beat, thump, headbutt, throttle,
    choke, kick, hit, belt, wallop, end, break, rape, run over, set fire to, burn`),
  people:
    words(`gypsy, gypsies, traveller, travellers, foreigner, foreigners, immigrant, immigrants, migrant, migrants,
    refugee, refugees, asylum seekers, muslim, muslims, islamic, jew, jews, jewish, black, blacks, asian, asians,
    arab, arabs, african, africans, indian, indians, pakistani, pakistanis, polish, poles, romanian,
    romanians, chinese, roma, somali, somalis, hindu, hindus, sikh, sikhs, catholic, catholics, gay, gays,
    lesbian, lesbians, queer, queers, homosexual, homosexuals, trans, transgender, bisexual, disabled, autistic,
    albanian, albanians, eastern european, eastern europeans, irish, welsh, english, white, whites, brown`),
};

function words(list: string): readonly string[] {
  return list.split(",").map((word) => word.trim().replace(/\s+/g, " "));
}

export const TARGETS = ["staff", "school", "parent", "pupil"] as const;
