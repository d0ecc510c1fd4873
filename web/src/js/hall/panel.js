// Links marked data-panel open in a dialog over the live view; without this they are pages of their own.
import { find, put, say } from '../lib/dom.js';

async function fetchPanel(address) {
  try {
    const response = await fetch(`${address}?part=1`, { credentials: 'same-origin', cache: 'no-store', redirect: 'error' });
    if (!response.ok) return null;
    return new DOMParser().parseFromString(await response.text(), 'text/html').body;
  } catch {
    return null;
  }
}

/** Follows such links wherever they stand, those inside the dialog too. */
export function listenForPanels(texts) {
  const dialog = find('#panel');
  if (!dialog || typeof dialog.showModal !== 'function') return;
  const content = find('#panel-content');
  let opener = '';

  async function open(address) {
    const found = await fetchPanel(address);
    if (found) put(content, Array.from(found.childNodes));
    else {
      const title = document.createElement('h2');
      title.id = 'panel-title';
      say(title, texts.noAnswer);
      put(content, title);
    }
    if (!dialog.open) dialog.showModal();
    const title = find('#panel-title');
    title.tabIndex = -1;
    title.focus();
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest && event.target.closest('a[data-panel]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if (!dialog.open) opener = link.id;
    open(link.getAttribute('href'));
  });
  find('#panel-close').addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => {
    // The live part may have been drawn anew meanwhile: the link is found again by its name.
    const link = opener && document.getElementById(opener);
    if (link) link.focus();
  });
}
