// Small ways into the page that every part of the console uses.
export const byId = (id) => document.getElementById(id);

/** Shows or hides; returns the element. */
export function show(element, visible) {
  element.hidden = !visible;
  return element;
}

/** Writes text and hides the element when there is none. */
export function say(element, text) {
  if (element.textContent !== (text || '')) element.textContent = text || '';
  element.hidden = !text;
}

/** Writes text only when it changed, so that live regions stay quiet. */
export function write(element, text) {
  const next = text === null || text === undefined ? '' : String(text);
  if (element.textContent !== next) element.textContent = next;
}

export function clear(element) {
  while (element.firstChild) element.removeChild(element.firstChild);
  return element;
}

/** A copy of a <template>'s first element and its parts by their data-is name. */
export function copyOf(templateId) {
  const root = byId(templateId).content.firstElementChild.cloneNode(true);
  const parts = {};
  for (const part of root.querySelectorAll('[data-is]')) parts[part.dataset.is] = part;
  return { root, parts };
}

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined && text !== null) element.textContent = text;
  return element;
}

/** Rows of term and value; rows without a value are left out. */
export function pairs(list, rows) {
  clear(list);
  for (const [term, value, strong] of rows) {
    if (value === null || value === undefined || value === '') continue;
    const row = make('div', strong ? 'pairs__row pairs__row--strong' : 'pairs__row');
    row.append(make('dt', '', term), make('dd', '', value));
    list.append(row);
  }
}

/** Resolves to what a dialog was closed with. */
export function whenClosed(dialog) {
  return new Promise((resolve) => {
    function onClose() {
      if (dialog.open) return; // told late: the dialog has been opened again since
      dialog.removeEventListener('close', onClose);
      resolve(dialog.returnValue);
    }
    dialog.addEventListener('close', onClose);
  });
}
