// Addresses made unreadable enough for a page or a log, yet still recognisable to those who know them.

/** "jordan@post.example" becomes "j•••@post.example"; "+447700900123" becomes "+44 ••• 123". */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  if (at > 0) return `${address.charAt(0)}•••${address.slice(at)}`;
  return /^\+?\d{6,}$/.test(address) ? `${address.slice(0, 3)} ••• ${address.slice(-3)}` : "•••";
}

const mailAddress = /[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g;
const number = /\+\d{6,}/g;

/** Masks every address and number inside a sentence, such as a server's refusal. */
export const maskWithin = (text: string): string =>
  text.replaceAll(mailAddress, maskAddress).replaceAll(number, maskAddress);
