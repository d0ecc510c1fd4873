/** The numbers this phone follows, kept on the phone alone; the follow page reads the same list. */

const KEY = 'kiosk.tokens';
const MOST = 10;

/** Newest first; none where the browser keeps nothing. */
export function tokens() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) || '[]');
    return Array.isArray(kept) ? kept.map((one) => (typeof one === 'string' ? one : one && one.token)).filter(Boolean) : [];
  } catch {
    return [];
  }
}

export function keepToken(token) {
  try {
    localStorage.setItem(KEY, JSON.stringify([token, ...tokens().filter((other) => other !== token)].slice(0, MOST)));
  } catch {
    // Without storage the address of the page is all there is, and enough.
  }
}

/** The token at the end of an address such as https://…/t/TOKEN. */
export const tokenOf = (address) => new URL(address, location.href).pathname.split('/').pop();
