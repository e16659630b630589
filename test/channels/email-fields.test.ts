// The fields of mail one by one: addresses, encoded words, dates, who vouches for the sender; and HTML as text.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readAddresses } from "../../src/channels/email/addresses.ts";
import { authenticity } from "../../src/channels/email/authenticity.ts";
import { readDate } from "../../src/channels/email/date.ts";
import { decodeWords } from "../../src/channels/email/decode-words.ts";
import { htmlText } from "../../src/channels/email/html-text.ts";
import { isOwnLoopMark, loopMark } from "../../src/channels/loop-mark.ts";
import { mailHeaders } from "../../src/core/automatic/mail-headers.ts";

describe("addresses", () => {
  const pairs = (value: string) => readAddresses(value).addresses.map(({ name, address }) => [name, address]);

  test.each<[string, [string, string][]]>([
    ["jo@example.net", [["", "jo@example.net"]]],
    ["<Jo@Example.NET>", [["", "jo@example.net"]]],
    ["Jo Marsh <jo@example.net>", [["Jo Marsh", "jo@example.net"]]],
    [
      '"Marsh, Jo" <jo@example.net>, b@example.net',
      [
        ["Marsh, Jo", "jo@example.net"],
        ["", "b@example.net"],
      ],
    ],
    ["jo@example.net (Jo Marsh)", [["Jo Marsh", "jo@example.net"]]],
    ["jo@example.net (Jo (Josephine) Marsh)", [["Jo (Josephine) Marsh", "jo@example.net"]]],
    ['"Jo \\"Jojo\\" Marsh" <jo@example.net>', [['Jo "Jojo" Marsh', "jo@example.net"]]],
    ["=?utf-8?Q?Marsh,_Jo?= <jo@example.net>", [["Marsh, Jo", "jo@example.net"]]],
    ['"=?utf-8?B?Wm/Dqw==?=" <z@example.net>', [["Zoë", "z@example.net"]]],
    ["=?utf-8?Q?Zo=C3?= =?utf-8?Q?=AB?= <z@example.net>", [["Zoë", "z@example.net"]]],
    ["=?utf-8?B?Sm8gTWFyc2ggPGpvQGV4YW1wbGUubmV0Pg==?=", [["Jo Marsh", "jo@example.net"]]],
    [
      "a@example.net; b@example.net",
      [
        ["", "a@example.net"],
        ["", "b@example.net"],
      ],
    ],
    ["undisclosed-recipients:;", []],
    [
      "Class 3: a@example.net, B <b@example.net>;",
      [
        ["", "a@example.net"],
        ["B", "b@example.net"],
      ],
    ],
    ["<@relay.example:jo@example.net>", [["", "jo@example.net"]]],
    ["'jo@example.net' <jo@example.net>", [["jo@example.net", "jo@example.net"]]],
    ["<mailto:jo@example.net>", [["", "jo@example.net"]]],
    ["Jo Marsh jo@example.net", [["Jo Marsh", "jo@example.net"]]],
    ["Jo <jo@example.net", [["Jo", "jo@example.net"]]],
    ['"a@b"@example.net', [["", '"a@b"@example.net']]],
    ["<a@example.net> <b@example.net>", [["", "a@example.net"]]],
    ["MAILER-DAEMON", [["MAILER-DAEMON", ""]]],
    [",,;, ,", []],
  ])("%s", (value, expected) => {
    expect(pairs(value)).toEqual(expected);
  });

  test("an encoded address without brackets is a name only", () => {
    expect(pairs("=?utf-8?B?Ym9zc0BleGFtcGxlLm5ldA==?= <jo@example.net>")).toEqual([
      ["boss@example.net", "jo@example.net"],
    ]);
    expect(pairs("=?utf-8?B?Ym9zc0BleGFtcGxlLm5ldA==?=")).toEqual([["boss@example.net", ""]]);
  });

  test("any text is read, and nothing but text comes back", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."\"<>()@,;:\\ =?ab'é\t") }), (value) => {
        for (const { address } of readAddresses(value).addresses) expect(address).toBe(address.toLowerCase());
      }),
      { numRuns: 300 },
    );
  });
});

describe("encoded words (RFC 2047)", () => {
  test.each([
    ["plain", "plain"],
    ["=?utf-8?q?caf=C3=A9?=", "café"],
    ["=?ISO-8859-1?Q?caf=E9_noir?=", "café noir"],
    ["=?utf-8?b?Y2Fmw6k=?= at noon", "café at noon"],
    ["=?utf-8?q?a?= =?utf-8?q?b?=", "ab"],
    ["=?utf-8?q?a?=\t =?iso-8859-1?q?=E9?=", "aé"],
    ["=?utf-8?q?a?= and =?utf-8?q?b?=", "a and b"],
    ["=?utf-8?b?8J+Y?= =?utf-8?b?gA==?=", "😀"],
    ["=?utf-8*en?q?trip?=", "trip"],
    ["=?utf-8?q?two words inside?=", "two words inside"],
    ["RE:=?utf-8?q?trip?=now", "RE:tripnow"],
    ["=?windows-1251?B?z/Do4uXy?=", "Привет"],
    ["=?koi8-r?B?8NLJ18XU?=", "Привет"],
    ["=?gb2312?B?xOO6ww==?=", "你好"],
    ["=?iso-2022-jp?B?GyRCMXNCLRsoQg==?=", "遠足"],
    ["=?ks_c_5601-1987?B?vsiz5w==?=", "안녕"],
    ["=?unicode-1-1-utf-7?Q?caf+AOk-?=", "café"],
    ["=?utf-8?q?caf=E9?=", "café"],
    ["=?utf-8?x?abc?=", "=?utf-8?x?abc?="],
    ["=?utf-8?q?open", "=?utf-8?q?open"],
    ["1 =? 2 ?= 3", "1 =? 2 ?= 3"],
    ["=?=?utf-8?q?a?=", "=?a"],
  ])("%s", (encoded, expected) => {
    expect(decodeWords(encoded)).toBe(expected);
  });
});

describe("dates", () => {
  test.each([
    ["Fri, 27 Nov 2026 21:04:11 +0000", "2026-11-27T21:04:11.000Z"],
    ["27 Nov 2026 21:04 -0500", "2026-11-28T02:04:00.000Z"],
    ["Fri, 27 Nov 2026 21:04:11 +0100 (CET)", "2026-11-27T20:04:11.000Z"],
    ["Fri, 27 Nov 26 21:04:11 EST", "2026-11-28T02:04:11.000Z"],
    ["Sat, 27 Nov 99 21:04:11 GMT", "1999-11-27T21:04:11.000Z"],
    ["Friday, 27-Nov-26 21:04:11 UT", "2026-11-27T21:04:11.000Z"],
    ["Fri, 27 November 2026 21.04.11", "2026-11-27T21:04:11.000Z"],
    ["Fri,  7 Nov 2026  9:04:11 PM +0000", "2026-11-07T21:04:11.000Z"],
    ["Fri Nov 27 21:04:11 2026", "2026-11-27T21:04:11.000Z"],
    ["2026-11-27T21:04:11Z", "2026-11-27T21:04:11.000Z"],
    ["2026-11-27 21:04:11 +02:00", "2026-11-27T19:04:11.000Z"],
  ])("%s", (value, expected) => {
    expect(readDate(value)).toBe(expected);
  });

  test.each([
    null,
    "",
    "yesterday",
    "Fri, 99 Foo 2026 21:04:11 +0000",
    "Fri, 27 Nov 2026 21:04:11 +9900",
    "27 Nov 0001 00:00",
  ])("%s is none", (value) => {
    expect(readDate(value)).toBeNull();
  });
});

describe("Authentication-Results (RFC 8601)", () => {
  const ID = "mx.oakhill.example";
  const verdict = (
    fields: readonly string[],
    from: string | null = "jo@example.net",
    id: string | null = ID,
  ) =>
    authenticity(
      mailHeaders(fields.map((value) => ({ name: "authentication-results", value }))),
      from,
      null,
      id,
    ).verdict;

  test.each<[string, readonly string[], string]>([
    ["DMARC passes", [`${ID}; dmarc=pass header.from=example.net`], "pass"],
    [
      "with a version and comments",
      [`${ID} 1; dmarc = pass (p=none dis=none) header.from=example.net`],
      "pass",
    ],
    ["with other letters", ["MX.Oakhill.Example; DMARC=PASS"], "pass"],
    ["DMARC fails, DKIM passes", [`${ID}; dmarc=fail; dkim=pass header.d=example.net`], "fail"],
    ["DMARC passes for another domain", [`${ID}; dmarc=pass header.from=evil.example`], "fail"],
    ["no DMARC, aligned DKIM", [`${ID}; dkim=pass header.d=example.net; spf=pass`], "pass"],
    ["DMARC none, DKIM by i=", [`${ID}; dmarc=none; dkim=pass header.i=@example.net`], "pass"],
    ["DKIM of another domain", [`${ID}; dkim=pass header.d=evil.example`], "fail"],
    ["DKIM of a top-level domain", [`${ID}; dkim=pass header.d=net`], "fail"],
    ["DKIM fails", [`${ID}; dkim=fail header.d=example.net`], "fail"],
    [
      "the second DKIM passes",
      [`${ID}; dkim=fail header.d=example.net; dkim=pass header.d=example.net`],
      "pass",
    ],
    ["SPF alone", [`${ID}; spf=pass smtp.mailfrom=example.net`], "fail"],
    ["nothing was checked", [`${ID}; none`], "fail"],
    ["no field at all", [], "fail"],
    ["a field of somebody else", ["mx.evil.example; dmarc=pass"], "fail"],
    ["somebody else's on top", ["mx.other.example; dmarc=pass", `${ID}; dmarc=fail`], "fail"],
    ["ours fails on top, a forged one below", [`${ID}; dmarc=fail`, `${ID}; dmarc=pass`], "fail"],
    ["pass in a comment only", [`${ID}; dmarc=fail (dmarc=pass)`], "fail"],
    ["a name that only begins like ours", [`${ID}.evil.example; dmarc=pass`], "fail"],
  ])("%s: %s", (_name, fields, expected) => {
    expect(verdict(fields)).toBe(expected);
  });

  test("a signature of the parent domain vouches for a sub-domain", () => {
    expect(verdict([`${ID}; dkim=pass header.d=example.net`], "jo@mail.example.net")).toBe("pass");
    expect(verdict([`${ID}; dkim=pass header.d=ample.net`], "jo@example.net")).toBe("fail");
  });

  test("Microsoft 365 names no authserv-id", () => {
    const field =
      "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.net; dkim=pass header.d=example.net;dmarc=pass action=none header.from=example.net;compauth=pass reason=100";
    expect(verdict([field], "jo@example.net", "protection.outlook.com")).toBe("pass");
    expect(verdict([field])).toBe("fail");
  });

  test("without a provider nothing is checked; without a sender nothing is proven", () => {
    expect(verdict([`${ID}; dmarc=pass`], "jo@example.net", null)).toBe("unchecked");
    expect(verdict([`${ID}; dmarc=pass`], null)).toBe("fail");
  });
});

describe("HTML as text", () => {
  const text = (html: string) => htmlText(html, 10_000);

  test.each([
    ["<p>one</p><p>two</p>", "one\n\ntwo"],
    ["<div>one</div><div>two</div>", "one\ntwo"],
    ["<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"],
    ["one<br>two<br/>three", "one\ntwo\nthree"],
    ["a  \n b&nbsp;c", "a b c"],
    ["1 < 2 & 3 > 2", "1 < 2 & 3 > 2"],
    ["caf&eacute; &#8364;5 &#x1F600; &#146; &unknown;", "café €5 😀 ’ &unknown;"],
    ["you f&zwnj;ool", "you f\u200cool"],
    ["<style>p{}</style><script>x()</script><title>t</title>text", "text"],
    ["<!-- no -->text<!--[if mso]>no<![endif]-->", "text"],
    ["<ul><li>one</li><li>two</li></ul>", "- one\n- two"],
    ["<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"],
    ['<a href="https://example.net/long">here</a>', "here"],
    ['<div style="display: none">no</div>text', "text"],
    ['<p style="display:none">no<p>text', "text"],
    ["<span hidden>no</span>text", "text"],
    ["<pre>a\n  b</pre>c", "a\n  b\n\nc"],
    ["mine<blockquote>theirs</blockquote>mine", "mine\n\n> theirs\n\nmine"],
    ["<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n> > b"],
    ['<blockquote style="margin:0 0 0 40px;border:none;padding:0px">indented</blockquote>', "indented"],
    ['<blockquote type="cite" style="border:none">quoted</blockquote>', "> quoted"],
    ['<img alt="😀" src="x"><img alt="Logo" src="y">', "😀"],
    ['<a title="a > b">x</a>', "x"],
    ["<b>bold</b><i>it</i>", "boldit"],
    ['<p class="MsoNormal">a</p><p class="MsoNormal">&nbsp;</p><p class="MsoNormal">b</p>', "a\n\nb"],
    ['<div style="border-top:solid red 1pt">A line above: fine</div>after', "A line above: fine\nafter"],
    ["", ""],
    ["text only", "text only"],
  ])("%s", (html, expected) => {
    expect(text(html)).toBe(expected);
  });

  test("stops at the limit", () => {
    expect(htmlText("<p>hello</p>".repeat(1000), 100).length).toBeLessThanOrEqual(100);
  });

  test("any tags in any order give text", () => {
    const piece = fc.constantFrom(
      "<div>",
      "</div>",
      "<p>",
      "</p>",
      "<blockquote>",
      "</blockquote>",
      "<br>",
      "<pre>",
      "</pre>",
      "<td",
      ">",
      '"',
      "=",
      "<!--",
      "-->",
      "<style>",
      "</style>",
      "&amp;",
      "a",
      " ",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expect(text(pieces.join("")).length).toBeLessThanOrEqual(10_000);
      }),
      { numRuns: 300 },
    );
  });
});

test("a loop mark fits its secret and its Message-ID only", () => {
  const mark = loopMark("secret", "<1@oakhill.example>");
  expect(mark).toMatch(/^[0-9a-f]{64}$/);
  expect(isOwnLoopMark("secret", "<1@oakhill.example>", mark)).toBe(true);
  expect(isOwnLoopMark("other", "<1@oakhill.example>", mark)).toBe(false);
  expect(isOwnLoopMark("secret", "<2@oakhill.example>", mark)).toBe(false);
  expect(isOwnLoopMark("secret", "<1@oakhill.example>", "é".repeat(64))).toBe(false);
});
