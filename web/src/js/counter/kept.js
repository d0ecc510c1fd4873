// Dossiers in the making of visits that pause: kept on this page only, by ticket, and never written anywhere.
export function keptDrafts() {
  const drafts = new Map();
  return {
    has: (ticket) => drafts.has(ticket),
    put: (draft) => drafts.set(draft.ticket.id, draft),
    take(ticket) {
      const draft = ticket && drafts.get(ticket.id);
      if (draft) drafts.delete(ticket.id);
      return draft || null;
    },
    /** Forgets what belongs to tickets that are no longer in sight. */
    retain(tickets) {
      const known = new Set(tickets.map((ticket) => ticket.id));
      for (const id of drafts.keys()) if (!known.has(id)) drafts.delete(id);
    },
    get size() {
      return drafts.size;
    },
  };
}

/** Writes what a draft holds into the form's own inputs. */
export function fillForm(form, draft) {
  for (const [name, value] of Object.entries(draft.applicant)) {
    if (form.elements[name]) form.elements[name].value = value;
  }
  form.elements.sets.value = draft.sets;
  form.elements.postmark_on.value = draft.postmark;
  form.querySelector('#authorised-on').checked = Boolean(draft.authorised);
  for (const [name, value] of Object.entries(draft.authorised || {})) {
    if (form.elements[`authorised.${name}`]) form.elements[`authorised.${name}`].value = value;
  }
}
