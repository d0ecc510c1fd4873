/** A scanner that types: characters faster than any finger, then Enter, wherever the focus is. */

const FASTEST_FINGER_MS = 60;
const SHORTEST = 8;

/** Calls `onScan(text)`; what was scanned reaches neither a field nor a button. */
export function listenForScans(onScan) {
  let typed = '';
  let last = 0;
  let before = null; // the field the burst began in, as it was

  window.addEventListener(
    'keydown',
    (event) => {
      const now = performance.now();
      const quick = now - last < FASTEST_FINGER_MS;
      last = now;
      if (event.key === 'Enter') {
        const text = quick ? typed : '';
        const field = before;
        typed = '';
        if (text.length < SHORTEST) return;
        event.preventDefault();
        event.stopPropagation();
        if (field && field.element.isConnected) {
          field.element.value = field.value;
          field.element.dispatchEvent(new Event('input', { bubbles: true }));
        }
        onScan(text);
        return;
      }
      if (event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey) return;
      if (!quick) {
        typed = '';
        const element = document.activeElement;
        before = element && element.tagName === 'INPUT' ? { element, value: element.value } : null;
      }
      typed += event.key;
    },
    { capture: true },
  );
}
