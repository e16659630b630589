// afterbell import and sign-in: what changes in the store, and what is refused.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { readContacts } from "../../src/store/contacts.ts";
import { openStore } from "../../src/store/open.ts";
import { readSignIn } from "../../src/store/sign-ins.ts";
import { isPassword } from "../../src/web/passwords.ts";
import { copySchool, say } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "ab-import-"));
const school = join(folder, "school");
let data: string;
let count = 0;
beforeAll(() => copySchool(school));
beforeEach(() => {
  count += 1;
  data = join(folder, `data-${count}`);
});
afterEach(() => rmSync(data, { recursive: true, force: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => say([...args, "--config", school], { env: { AFTERBELL_DATA: data } });

async function stored<T>(ask: (store: Awaited<ReturnType<typeof openStore>>) => Promise<T>): Promise<T> {
  const store = await openStore(join(data, "data", "afterbell.db"));
  try {
    return await ask(store);
  } finally {
    await store.destroy();
  }
}

const names = () =>
  stored(async (store) => (await readContacts(store, "oakhill")).map(({ id, name }) => `${id} ${name}`));

function list(...rows: string[]): string {
  const file = join(folder, `list-${count}-${rows.length}.csv`);
  writeFileSync(file, `id,name,email,mobile,roles,language,adjustments,children\n${rows.join("\n")}\n`);
  return file;
}

describe("import", () => {
  const rosa = "1,Rosa Delgado,rosa@example.org,07700 900123,parent,en,,Leo (3B)";
  const ivan = "2,Ivan Petrov,ivan@example.org,,parent,en,,Mila (1A)";

  test("shows what changes first, with --preview only that", async () => {
    const preview = await run("import", list(rosa, ivan), "--preview");
    expect(preview.status).toBe(0);
    expect(preview.stdout).toContain("Rosa Delgado");
    expect(preview.stdout).toMatch(/Nothing was changed: this was a preview\.\n$/);
    expect(await names()).toEqual([]);
  });

  test("brings the list in; the next list replaces it, and what goes is shown", async () => {
    expect((await run("import", list(rosa, ivan))).status).toBe(0);
    expect(await names()).toEqual(["1 Rosa Delgado", "2 Ivan Petrov"]);
    const next = await run("import", list(rosa.replace("Delgado", "Delgado-Ruiz")));
    expect(next).toMatchObject({ status: 0, stderr: "" });
    expect(next.stdout).toContain("Ivan Petrov");
    expect(next.stdout).toContain("Rosa Delgado-Ruiz");
    expect(await names()).toEqual(["1 Rosa Delgado-Ruiz"]);
  });

  test("with bad rows names every one, changes nothing, and fails with 2", async () => {
    await run("import", list(rosa));
    const bad = list(
      ivan,
      "3,Bad Address,not-an-address,,parent,en,,",
      "4,Bad Role,x@example.org,,wizard,en,,",
    );
    const { status, stdout, stderr } = await run("import", bad);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/\.csv:3(:\d+)?: email: /);
    expect(stderr).toMatch(/\.csv:4(:\d+)?: roles: /);
    expect(stderr).toMatch(/\n2 errors\.\n$/);
    expect(await names()).toEqual(["1 Rosa Delgado"]);
  });

  test("of a file that is not there is a wrong call", async () => {
    const answer = await run("import", join(folder, "nowhere.csv"));
    expect(answer).toMatchObject({ status: 2, stdout: "" });
    expect(answer.stderr).toMatch(/nowhere\.csv cannot be read \(ENOENT\): .*\.\n$/);
  });
});

describe("sign-in", () => {
  const head = "head@oakhill.example";
  const secret = () =>
    stored(async (store) => (await readSignIn(store, "oakhill", "okafor"))?.secret ?? null);

  test("makes a password that works, once; the next one ends it", async () => {
    const { status, stdout, stderr } = await run("sign-in", head);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const [, password = ""] = /password {2}(\S+)\n/.exec(stdout) ?? [];
    expect(password.length).toBeGreaterThanOrEqual(12);
    expect(await isPassword(password, await secret())).toBe(true);
    await run("sign-in", "N.Okafor@oakhill.example");
    expect(await isPassword(password, await secret())).toBe(false);
  });

  test.each(["a.shah@oakhill.example", "nobody@oakhill.example", "head"])(
    "%s may not: one sentence, and nothing is made",
    async (address) => {
      const { status, stdout, stderr } = await run("sign-in", address);
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr).toBe(
        `${address} may not sign in: give the person the role headteacher or deputy in staff.yaml first.\n`,
      );
    },
  );
});
