/** What stays on this phone: the numbers it follows (for the door), and the page itself for a moment without network. */

const KEY = 'kiosk.tokens';
const MOST = 5;

/** Remember that this phone follows a number; the newest first. Phones that refuse storage simply do not. */
export function keepToken(token) {
  try {
    const known = JSON.parse(localStorage.getItem(KEY) || '[]').filter((each) => typeof each === 'string' && each !== token);
    localStorage.setItem(KEY, JSON.stringify([token, ...known].slice(0, MOST)));
  } catch {
    // private browsing: nothing is kept
  }
}

/** Have the page opened again without network; only where the browser can, and on https or this machine. */
export function keepPage() {
  if (!('serviceWorker' in navigator) || !window.isSecureContext) return;
  navigator.serviceWorker.register('/t/worker.js', { scope: '/t/' }).catch(() => {});
}
