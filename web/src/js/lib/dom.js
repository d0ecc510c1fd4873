/** Making and finding elements; data only ever becomes text, never markup. */

export const find = (selector, root = document) => root.querySelector(selector);
export const findAll = (selector, root = document) => Array.from(root.querySelectorAll(selector));

/** What the server put into `<script type="application/json" id="page-data">`. */
export function pageData() {
  return JSON.parse(find('#page-data').textContent);
}

/**
 * `make('button', {class: 'button', onclick: go, 'aria-label': 'x', hidden: true}, 'text', child)`.
 * Functions become listeners, true an empty attribute; null, undefined and false are left out.
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  Object.entries(attributes || {}).forEach(([name, value]) => {
    if (value === null || value === undefined || value === false) return;
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value);
    else element.setAttribute(name, value === true ? '' : value);
  });
  append(element, children);
  return element;
}

function append(element, children) {
  children.forEach((child) => {
    if (Array.isArray(child)) append(element, child);
    else if (child !== null && child !== undefined && child !== false) {
      element.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  });
}

/** Replaces what is inside an element. */
export function put(element, ...children) {
  while (element.firstChild) element.removeChild(element.firstChild);
  append(element, children);
  return element;
}

/** Sets text only when it changed, so that a live region does not repeat itself. */
export function say(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}
