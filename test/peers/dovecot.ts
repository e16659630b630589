// A real Dovecot 2.3 on free ports of 127.0.0.1, configured from a temporary folder, ended by its process id.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const BINARY = "/usr/sbin/dovecot";
const START_MS = 10_000;

/**
 * Ends the server when its standard input closes, which it does also when the test run is killed:
 * nothing is left behind. $1 = binary, $2 = folder.
 */
const KEEPER = `"$1" -F -c "$2/dovecot.conf" 2>>"$2/dovecot.log" &
read -r _
kill $!
wait $!
rm -rf "$2"`;

export interface DovecotOptions {
  readonly users?: readonly string[];
  /** Folder delimiter; "." with the prefix "INBOX." is what Courier and Cyrus habits look like. */
  readonly delimiter?: "/" | ".";
  readonly prefix?: "" | "INBOX.";
  /** Capabilities that are not announced, such as MOVE and UIDPLUS. The server still obeys the commands. */
  readonly without?: readonly string[];
  /** Octets per user; a COPY beyond it fails with OVERQUOTA. */
  readonly quotaBytes?: number;
}

export interface Dovecot {
  readonly host: "127.0.0.1";
  /** Plain, with STARTTLS offered. */
  readonly port: number;
  /** Implicit TLS. */
  readonly tlsPort: number;
  /** PEM of the self-signed certificate, for "127.0.0.1". */
  readonly ca: string;
  readonly password: string;
  /** Voids the UIDVALIDITY of a user's folders, as a restore from a backup does. */
  readonly forgetUids: (user: string) => void;
  /** What Dovecot wrote, for a failing test. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/** Tests that need Dovecot say so when it is not installed. */
export const dovecotInstalled: boolean = existsSync(BINARY);

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

interface Owner {
  readonly name: string;
  readonly group: string;
  readonly uid: number;
  readonly gid: number;
}

/** Dovecot refuses to read mail as root: then it is somebody else's. */
function mailOwner(): Owner {
  const me = userInfo();
  const name = me.uid === 0 ? "nobody" : me.username;
  const ask = (flag: string): string => execFileSync("id", [flag, name], { encoding: "utf8" }).trim();
  return { name, group: ask("-gn"), uid: Number(ask("-u")), gid: Number(ask("-g")) };
}

/** Without root nobody can change user or root directory: every process stays what it is. */
function unprivileged(owner: Owner): string {
  if (userInfo().uid === 0) return "";
  return `
default_internal_user = ${owner.name}
default_internal_group = ${owner.group}
default_login_user = ${owner.name}
service anvil {
  chroot =
}
service imap-login {
  chroot =
}
service stats {
  chroot =
}
`;
}

function configuration(
  folder: string,
  ports: { plain: number; tls: number },
  options: DovecotOptions,
): string {
  const owner = mailOwner();
  const quota =
    options.quotaBytes === undefined
      ? ""
      : `
mail_plugins = quota
plugin {
  quota = count:User quota
  quota_rule = *:bytes=${options.quotaBytes}
  quota_vsizes = yes
}
`;
  const capability = options.without ? `imap_capability = ${capabilitiesWithout(options.without)}` : "";
  return `
protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
login_trusted_networks = 127.0.0.1
disable_plaintext_auth = no
mail_location = maildir:${folder}/mail/%u
mail_uid = ${owner.uid}
mail_gid = ${owner.gid}
first_valid_uid = 1
first_valid_gid = 1
ssl = yes
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
mailbox_list_index = no
mail_fsync = never
auth_failure_delay = 0
# Above the default of 10, since tests open many for one user.
mail_max_userip_connections = 50
${capability}
${unprivileged(owner)}
service imap-login {
  inet_listener imap {
    port = ${ports.plain}
  }
  inet_listener imaps {
    port = ${ports.tls}
    ssl = yes
  }
}
namespace inbox {
  inbox = yes
  separator = ${options.delimiter ?? "/"}
  prefix = ${options.prefix ?? ""}
}
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${folder}/users
}
userdb {
  driver = static
  args = uid=${owner.uid} gid=${owner.gid} home=${folder}/mail/%u
}
${quota}`;
}

const CAPABILITIES =
  "IMAP4rev1 LITERAL+ SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT THREAD=REFERENCES MULTIAPPEND UNSELECT " +
  "CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN " +
  "CONTEXT=SEARCH LIST-STATUS BINARY MOVE SPECIAL-USE";

function capabilitiesWithout(names: readonly string[]): string {
  return CAPABILITIES.split(" ")
    .filter((name) => !names.includes(name))
    .join(" ");
}

function makeCertificate(folder: string): void {
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...key, ...subject, ...files], { stdio: "ignore" });
}

/** Resolves with the first octets that the server says. */
async function greeting(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (ok: boolean) => {
      socket.destroy();
      resolve(ok);
    };
    socket.once("data", () => end(true));
    socket.once("error", () => end(false));
    socket.once("close", () => end(false));
  });
}

async function untilGreeting(port: number, child: ChildProcess, log: () => string): Promise<void> {
  const untilMs = performance.now() + START_MS;
  while (!(await greeting(port))) {
    if (child.exitCode !== null || performance.now() > untilMs)
      throw new Error(`Dovecot did not start:\n${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.stdin?.end();
  });
}

/** Starts a server; every user (default: "teacher") has the same password and an empty mailbox. */
export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), "ab-dovecot-"));
  const password = "correct-horse-1";
  const users = options.users ?? ["teacher"];
  const owner = mailOwner();
  // Its own users have to walk through it.
  chmodSync(folder, 0o755);
  for (const name of ["run", "state", "mail"]) mkdirSync(join(folder, name));
  chownSync(join(folder, "mail"), owner.uid, owner.gid);
  makeCertificate(folder);
  writeFileSync(join(folder, "users"), users.map((user) => `${user}:{PLAIN}${password}\n`).join(""), {
    mode: 0o644,
  });
  const ports = { plain: await freePort(), tls: await freePort() };
  const file = join(folder, "dovecot.conf");
  writeFileSync(file, configuration(folder, ports, options), { mode: 0o644 });
  const child = spawn("sh", ["-c", KEEPER, "sh", BINARY, folder], { stdio: ["pipe", "ignore", "ignore"] });
  const log = () =>
    existsSync(join(folder, "dovecot.log")) ? readFileSync(join(folder, "dovecot.log"), "utf8") : "";
  const stop = async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilGreeting(ports.plain, child, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    host: "127.0.0.1",
    port: ports.plain,
    tlsPort: ports.tls,
    ca: readFileSync(join(folder, "cert.pem"), "utf8"),
    password,
    forgetUids: (user) => forgetUids(join(folder, "mail", user)),
    log,
    stop,
  };
}

function forgetUids(mailFolder: string): void {
  for (const folder of execFileSync("find", [mailFolder, "-type", "d"], { encoding: "utf8" }).split("\n")) {
    if (folder === "") continue;
    // dovecot-uidvalidity stays: it makes the next value a new one even within the same second.
    for (const name of ["dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"]) {
      rmSync(join(folder, name), { force: true });
    }
  }
}
