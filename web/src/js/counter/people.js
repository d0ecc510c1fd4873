// Step 3: whose dossier it is, and who stands at the counter when that is somebody else.
import { byId, show } from './view.js';

const PROXY = 'authorised.';

/** `draft()` is the dossier in the making, `onChange()` after every keystroke. */
export function peopleStep({ panel, draft, onChange }) {
  const proxy = byId('authorised-on');

  function drawKind() {
    for (const part of panel.querySelectorAll('[data-scope]')) {
      show(part, part.dataset.scope === draft().applicant.kind);
    }
  }

  function drawProxy() {
    show(byId('authorised'), Boolean(draft().authorised));
  }

  panel.addEventListener('input', (event) => {
    const { name, value } = event.target;
    if (!name) return;
    draft().touched = true;
    if (name.startsWith(PROXY)) draft().authorised[name.slice(PROXY.length)] = value;
    else draft().applicant[name] = value;
    if (name === 'kind') drawKind();
    onChange();
  });

  proxy.addEventListener('change', () => {
    draft().authorised = proxy.checked ? {} : null;
    if (proxy.checked) {
      for (const input of byId('authorised').querySelectorAll('input')) {
        if (input.value) draft().authorised[input.name.slice(PROXY.length)] = input.value;
      }
    }
    drawProxy();
    onChange();
    if (proxy.checked) byId('authorised-name').focus();
  });

  return {
    draw() {
      drawKind();
      drawProxy();
    },
    focus: () => byId('applicant-name').focus(),
    /** [field, sentence] of the first thing that keeps the officer here; null when there is none. */
    problem(texts) {
      const { applicant, authorised } = draft();
      if (!(applicant.name || '').trim()) {
        return ['name', applicant.kind === 'person' ? texts.nameNeeded : texts.organisationNeeded];
      }
      if (authorised && !(authorised.name || '').trim()) return ['authorised.name', texts.authorisedNeeded];
      return null;
    },
  };
}
