/** Parts of a page that keep themselves fresh: the page is asked for again and changed parts are taken over. */
import { find, findAll } from './dom.js';

/**
 * Every `everyMs`, renews each element with `attribute` by the one of the same value in the fresh page. One that holds
 * the focus, and everything while a dialog is open, waits. `onChange(fresh, before)` hears of each new part. The answer to
 * a form may lie at an address that cannot be asked for: then a `data-at` somewhere names the page's own.
 */
export function keepRenewed(attribute, everyMs, onChange = () => {}) {
  function take(fresh) {
    findAll(`[${attribute}]`).forEach((part) => {
      const other = find(`[${attribute}="${part.getAttribute(attribute)}"]`, fresh);
      if (!other || other.outerHTML === part.outerHTML || part.contains(document.activeElement)) return;
      onChange(other, part);
      part.replaceWith(document.adoptNode(other));
    });
  }

  const own = find('[data-at]');
  const address = own ? own.dataset.at : location.pathname + location.search;

  async function look() {
    if (document.visibilityState === 'visible' && !find('dialog[open]')) {
      try {
        const answer = await fetch(address, { cache: 'no-store', credentials: 'same-origin' });
        if (answer.ok && !answer.redirected) take(new DOMParser().parseFromString(await answer.text(), 'text/html'));
      } catch {
        // The server is away for a moment; the next look finds it.
      }
    }
    setTimeout(look, everyMs);
  }

  setTimeout(look, everyMs);
}
