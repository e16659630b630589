// Passwords that the product makes up: long enough that nobody guesses them, easy to type from paper.
import { randomBytes, randomInt, scrypt, timingSafeEqual } from "node:crypto";

// Without 0, 1, i, l and o, which look alike. 31 letters, 20 of them: 99 bits.
const letters = "23456789abcdefghjkmnpqrstuvwxyz";
const groups = 5;
const lettersInGroup = 4;
const cost = 2 ** 14;
const keyBytes = 32;
const longestTypedChars = 200;

/** "k7mw-x2pq-9hfd-t4vn-c8rz" */
export function makePassword(): string {
  const letter = () => letters.charAt(randomInt(letters.length));
  const group = () => Array.from({ length: lettersInGroup }, letter).join("");
  return Array.from({ length: groups }, group).join("-");
}

/** Capitals, spaces and missing hyphens are forgiven: none of them makes it easier to guess. */
const asTyped = (password: string): string =>
  password
    .slice(0, longestTypedChars)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "");

function derive(password: string, salt: Buffer, n: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(asTyped(password), salt, keyBytes, { N: n }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

/** `scrypt$<N>$<salt>$<key>`, the latter two in base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ["scrypt", cost, salt.toString("base64"), key.toString("base64")].join("$");
}

const nobody = hashPassword(makePassword());

/**
 * Whether the password is the one behind the secret. null (nobody has this address) takes as long
 * as a wrong password, so that time tells nobody who may sign in.
 */
export async function isPassword(password: string, secret: string | null): Promise<boolean> {
  const [, n, salt, key] = (secret ?? (await nobody)).split("$");
  const expected = Buffer.from(key ?? "", "base64");
  const derived = await derive(password, Buffer.from(salt ?? "", "base64"), Number(n));
  return derived.length === expected.length && timingSafeEqual(derived, expected) && secret !== null;
}
