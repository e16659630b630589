// E-mail addresses as mailboxes: what counts as the same one, and which domains people use at home.

/** The domain after the last "@", in lower case; "" when there is none. */
export const domainOf = (address: string): string => {
  const at = address.lastIndexOf("@");
  return at === -1 ? "" : address.slice(at + 1).toLowerCase();
};

const GOOGLE: readonly string[] = ["gmail.com", "googlemail.com"];

/**
 * The form in which addresses are compared, never written to: lower case, without a "+tag", and for Google's
 * domains without dots, since those reach the same mailbox.
 */
export const mailboxKey = (address: string): string => {
  const domain = domainOf(address);
  const local = address.slice(0, address.lastIndexOf("@")).toLowerCase();
  const untagged = local.replace(/(?!^)\+.*$/, "");
  return GOOGLE.includes(domain) ? `${untagged.replaceAll(".", "")}@gmail.com` : `${untagged}@${domain}`;
};

// Webmail and providers' domains that private people write from, in Britain and where its families come from.
const PERSONAL: ReadonlySet<string> = new Set(
  `
  gmail.com googlemail.com
  outlook.com outlook.co.uk hotmail.com hotmail.co.uk hotmail.fr hotmail.it hotmail.es hotmail.de live.com live.co.uk
  live.ie live.fr msn.com passport.com windowslive.com
  yahoo.com yahoo.co.uk yahoo.ie yahoo.fr yahoo.de yahoo.es yahoo.it yahoo.ro yahoo.gr yahoo.in yahoo.co.in yahoo.com.hk
  ymail.com rocketmail.com
  icloud.com me.com mac.com
  aol.com aol.co.uk aim.com
  gmx.com gmx.co.uk gmx.net gmx.de gmx.at web.de t-online.de freenet.de mail.com email.com usa.com
  proton.me protonmail.com protonmail.ch pm.me
  tutanota.com tutanota.de tutamail.com tuta.io tuta.com fastmail.com fastmail.co.uk fastmail.fm hey.com zoho.com
  hushmail.com duck.com mailfence.com posteo.de posteo.net startmail.com runbox.com
  btinternet.com btopenworld.com btconnect.com bt.com talk21.com
  sky.com virginmedia.com virgin.net ntlworld.com blueyonder.co.uk
  talktalk.net talktalk.co.uk tiscali.co.uk lineone.net
  plus.com plus.net plusnet.com orange.net orange.co.uk orangehome.co.uk orange.fr wanadoo.co.uk wanadoo.fr
  ee.co.uk o2.co.uk o2mail.co.uk three.co.uk vodafone.net vodafoneemail.co.uk freeserve.co.uk fsmail.net
  madasafish.com zen.co.uk uwclub.net supanet.com postmaster.co.uk toucansurf.com eclipse.co.uk fsnet.co.uk
  eircom.net
  wp.pl o2.pl onet.pl onet.eu op.pl vp.pl poczta.onet.pl poczta.fm interia.pl interia.eu interia.com gazeta.pl tlen.pl
  go2.pl buziaczek.pl autograf.pl
  mail.ru list.ru bk.ru inbox.ru internet.ru yandex.ru yandex.com ya.ru rambler.ru ukr.net i.ua meta.ua bigmir.net
  abv.bg mail.bg centrum.cz seznam.cz azet.sk zoznam.sk freemail.hu citromail.hu inbox.lt inbox.lv one.lt
  free.fr laposte.net sfr.fr libero.it virgilio.it alice.it tin.it sapo.pt terra.es telefonica.net hotmail.com.br
  rediffmail.com qq.com 163.com 126.com sina.com foxmail.com naver.com daum.net hanmail.net
  `
    .trim()
    .split(/\s+/),
);

/** Whether private people have addresses there: "gmail.com", "wp.pl". */
export const isPersonalDomain = (domain: string): boolean => PERSONAL.has(domain.toLowerCase());
