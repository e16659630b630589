// Says the figures in words and tables.
import type { ClassFigures, Named } from "./classes.ts";
import { FEWEST_TO_COMPARE, type Mention } from "./fairness.ts";
import type { Figures } from "./figures.ts";
import type { Bin, Calibration } from "./shares.ts";
import { interval, outOf, percent, table } from "./table.ts";

const two = (number: number | null): string => (number === null ? "-" : number.toFixed(2));

function batches({ messages, counts, loadMs }: Figures): string {
  const all = counts.map(({ name, count }) => `${count} ${name}`).join(", ");
  const learntFrom = messages.filter(({ isLearntFrom }) => isLearntFrom).map(({ batch }) => batch);
  const warning =
    learntFrom.length === 0
      ? "None of them was learnt from.\n"
      : `LEARNT FROM: ${learntFrom.join(", ")}. What follows flatters the judge and says nothing of new messages.\n`;
  const names = messages.map(({ batch, count }) => `${count} of ${batch}`).join(", ");
  return `Judged: ${names}: ${all}. ${warning}Intervals are 95 % by Wilson. Model loaded in ${loadMs.toFixed(0)} ms.\n\n`;
}

function classes({ atShipped, categories, targets, kinds, reach, quoting }: Figures): string {
  const row = ({ name, precision, recall, falseAlarms, falseAlarmsOnOk }: ClassFigures) => [
    name,
    interval(precision),
    interval(recall),
    outOf(recall),
    interval(falseAlarms),
    interval(falseAlarmsOnOk),
  ];
  const named = (title: string, list: readonly Named[]) =>
    table(
      [title, "recall", "found", "named rightly", "of found"],
      list.map(({ name, recall, right }) => [
        name,
        interval(recall),
        outOf(recall),
        interval(right),
        outOf(right),
      ]),
    );
  return [
    "1. At the shipped thresholds\n",
    table(
      ["", "precision", "recall", "found", "false alarms, not of the class", "on plain ok"],
      atShipped.map(row),
    ),
    named("abuse by category", categories),
    named("abuse by target", targets),
    named("must not wait by kind", kinds),
    "Recall where false alarms are held down\n",
    table(
      ["", "false alarms on", "at most", "recall", "found", "false alarms", "scores above"],
      reach.map(({ name, on, at }) => [
        name,
        on,
        percent(at.atMost),
        interval(at.recall),
        outOf(at.recall),
        outOf(at.falseAlarms),
        Number.isFinite(at.above) ? at.above.toFixed(3) : "any",
      ]),
    ),
    `Messages in which earlier mail is quoted are judged whole here; the service judges only what is new. ` +
      `Of ${quoting.whole.of} such messages that are not abusive, ${quoting.whole.hits} are called abusive whole, ` +
      `${quoting.newOnly.hits} by what is new.\n\n`,
  ].join("");
}

function mentions(title: string, list: readonly Mention[]): string {
  return table(
    [title, "messages", "called abusive", "", "abusive or unsure", "", ""],
    list.map(({ name, abusive, atLeastUnsure }) => [
      name,
      `${abusive.of}`,
      interval(abusive),
      outOf(abusive),
      interval(atLeastUnsure),
      outOf(atLeastUnsure),
      abusive.of < FEWEST_TO_COMPARE ? "too few" : "",
    ]),
  );
}

function fair({ fairness }: Figures): string {
  const few = fairness.byCharacteristic.filter(({ abusive }) => abusive.of < FEWEST_TO_COMPARE);
  const note =
    few.length === 0
      ? ""
      : `Too few to compare (under ${FEWEST_TO_COMPARE} messages): ${few.map(({ name }) => name).join(", ")}. ` +
        "By folds is not possible here: the other batches are learnt from.\n\n";
  return [
    "2. False alarms on messages that are not abusive, by protected characteristic mentioned\n",
    mentions("", fairness.byCharacteristic),
    mentions("reported or mentioned", fairness.byKind),
    note,
  ].join("");
}

function robust({ robustness }: Figures): string {
  const head = ["", "abusive", "or unsure", "safeguarding", "must not wait"];
  const rows = (of: "recall" | "falseAlarms") =>
    robustness.map((one) => [
      one.name,
      ...(["abusive", "atLeastUnsure", "safeguarding", "mustNotWait"] as const).map((key) =>
        percent(one[of][key].share),
      ),
    ]);
  const [plain] = robustness;
  const counts = plain
    ? `${plain.recall.abusive.of} abusive, ${plain.recall.safeguarding.of} safeguarding, ` +
      `${plain.recall.mustNotWait.of} must not wait, ${plain.falseAlarms.abusive.of} plain ok`
    : "";
  return [
    `3. The deciding words hidden in ten ways (${counts})\n`,
    table(["recall", ...head.slice(1)], rows("recall")),
    table(["false alarms on plain ok", ...head.slice(1)], rows("falseAlarms")),
  ].join("");
}

function calibrated({ calibration }: Figures): string {
  const cells = ({ count, predicted, observed }: Bin) => [`${count}`, two(predicted), two(observed)];
  const bins = calibration[0]?.figures.bins ?? [];
  const end = (one: (figures: Calibration) => number) =>
    calibration.flatMap(({ figures }) => ["", "", one(figures).toFixed(3)]);
  return [
    "4. Calibration: how likely it said, and how many were\n",
    table(
      ["probability", ...calibration.flatMap(({ name }) => [name, "said", "were"])],
      [
        ...bins.map(({ from }, bin) => [
          `${from.toFixed(1)}-${(from + 0.1).toFixed(1)}`,
          ...calibration.flatMap(({ figures }) => figures.bins.slice(bin, bin + 1).flatMap(cells)),
        ]),
        ["expected calibration error", ...end(({ expectedError }) => expectedError)],
        ["Brier score", ...end(({ brier }) => brier)],
      ],
    ),
  ].join("");
}

function cost({ speed, loadMs, megabytes }: Figures): string {
  return [
    "5. Cost on this machine\n",
    table(
      ["", ""],
      [
        ["a message of 1 kB, median of rounds", `${speed.microseconds.toFixed(0)} µs`],
        ["1 MB in one go, to a thousand messages of 1 kB", `${speed.longToShort.toFixed(2)} times`],
        ["loading the model, once a process", `${loadMs.toFixed(0)} ms`],
        ["the model's file", `${megabytes.toFixed(2)} MB`],
      ],
    ),
  ].join("");
}

function evident({ evidence }: Figures): string {
  return [
    "6. Evidence: are the marked words those that decide? Of true hits\n",
    table(
      [
        "",
        "marks one of them",
        "",
        "by chance",
        "marks each",
        "",
        "of the text marked",
        "of the text deciding",
      ],
      evidence.map(({ name, any, all, anyByChance, marked, deciding }) => [
        name,
        interval(any),
        outOf(any),
        percent(anyByChance),
        interval(all),
        outOf(all),
        percent(marked),
        percent(deciding),
      ]),
    ),
  ].join("");
}

function besides({ compared }: Figures): string {
  const [ours] = compared;
  const ratio = (one: number | null, other: number | null | undefined) =>
    one === null || !other ? "-" : (one / other).toPrecision(2);
  return [
    "7. Abuse, beside the libraries that one would pick instead, in this run\n",
    table(
      [
        "",
        "precision",
        "recall",
        "to ours",
        "false alarms",
        "to ours",
        "on plain ok",
        "ours at its false alarms",
        "µs for 1 kB",
        "to ours",
      ],
      compared.map((one) => [
        `${one.name} ${one.version}`.trim(),
        percent(one.precision.share),
        interval(one.recall),
        ratio(one.recall.share, ours?.recall.share),
        interval(one.falseAlarms),
        ratio(one.falseAlarms.share, ours?.falseAlarms.share),
        percent(one.falseAlarmsOnOk.share),
        percent(one.oursAtItsFalseAlarms),
        one.microseconds.toFixed(1),
        ratio(one.microseconds, ours?.microseconds),
      ]),
    ),
  ].join("");
}

export function inWords(figures: Figures): string {
  return [batches, classes, fair, robust, calibrated, cost, evident, besides]
    .map((part) => part(figures))
    .join("");
}
