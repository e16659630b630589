// Staff by id, as parents and colleagues know them.
import type { WebServices } from "./services.ts";

/** A person who has left since is shown by their id. */
export function nameOf(services: WebServices): (id: string) => string {
  const names = new Map(services.staff().map((person) => [person.id, person.name]));
  return (id) => (id === "school" ? "the school’s number" : (names.get(id) ?? id));
}
