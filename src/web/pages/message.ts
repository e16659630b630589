// The message of a case, cut into what was written now, marked words, and the rest.
import { kindWords } from "../../cases/words.ts";
import type { Assessment, Span } from "../../core/types.ts";
import type { MessagesTable } from "../../store/tables.ts";
import { besideNewText, type Piece, pieces, shorten } from "../text.ts";

/** What stands between the new text and the subject where they are judged: see ownWords in receive.ts. */
const betweenChars = "\n\n".length;

/** Spans are offsets into the new text, two line feeds, and the subject. */
function spansInSubject(message: MessagesTable, spans: readonly Span[]): readonly Span[] {
  const offset = message.new_text.length + betweenChars;
  return spans
    .filter((span) => span.start >= offset)
    .map((span) => ({ ...span, start: span.start - offset, end: span.end - offset }));
}

const named = (found: readonly Piece[]) =>
  found.map((piece) => ({
    text: piece.text,
    label: piece.category === null ? null : kindWords(piece.category).toLowerCase(),
  }));

export function describeMessage(message: MessagesTable, assessment: Assessment): Record<string, unknown> {
  const shown = shorten(message.new_text);
  const beside = besideNewText(message.text, message.new_text);
  const rest = beside ? shorten(beside.text) : null;
  const text = named(pieces(shown.text, assessment.spans));
  const oneLine = message.subject.replaceAll(/[\r\n\t]/g, " ");
  const subject = named(pieces(oneLine, spansInSubject(message, assessment.spans)));
  const labels = [...text, ...subject].flatMap((piece) => (piece.label === null ? [] : [piece.label]));
  return {
    subject: message.channel === "email" ? subject : null,
    text,
    isEmpty: message.new_text.trim() === "",
    cut: shown.cut,
    marked: [...new Set(labels)],
    rest: rest && beside ? { text: rest.text, cut: rest.cut, whole: beside.whole } : null,
    receivedAt: message.received_at,
    to: message.to_address,
  };
}
