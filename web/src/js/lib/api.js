/** Talks JSON with /api/v1; an answer is always an object, a network failure too. */

const ROOT = '/api/v1';

/** A key for one intended change: sent again with the same key, the server answers as the first time. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function moment(text) {
  const parsed = new Date(text || NaN);
  return Number.isNaN(parsed.getTime()) ? null : parsed;
}

async function readJson(response) {
  const kind = response.headers.get('Content-Type') || '';
  if (response.status === 204 || response.status === 304 || !kind.includes('json')) return null;
  try {
    return await response.json();
  } catch {
    return null;
  }
}

/**
 * Calls `/api/v1${path}`. Never throws: status 0 with error code `network` means that no answer came
 * (server away, cable out, or `timeout` milliseconds gone); the caller may repeat with the same idempotencyKey.
 * `data` is null on failure, 204 and 304. `error` is `{code, message, fields}` or null;
 * `at` is the server's clock, for a device whose own may be wrong.
 */
export async function api(method, path, body, { idempotencyKey, etag, timeout = 8000 } = {}) {
  const headers = { Accept: 'application/json', 'Accept-Language': document.documentElement.lang || 'vi' };
  if (body !== undefined && body !== null) headers['Content-Type'] = 'application/json';
  if (idempotencyKey) headers['Idempotency-Key'] = idempotencyKey;
  if (etag) headers['If-None-Match'] = etag;
  const away = new AbortController();
  const timer = setTimeout(() => away.abort(), timeout);
  try {
    const response = await fetch(ROOT + path, {
      method,
      headers,
      body: headers['Content-Type'] ? JSON.stringify(body) : undefined,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: away.signal,
    });
    const content = await readJson(response);
    const fine = response.ok || response.status === 304;
    const said = (content && content.error) || {};
    return {
      status: response.status,
      data: fine ? content : null,
      error: fine ? null : { code: said.code || 'unexpected', message: said.message || '', fields: said.fields || {} },
      etag: response.headers.get('ETag'),
      at: moment(response.headers.get('Date')),
    };
  } catch {
    return { status: 0, data: null, error: { code: 'network', message: '', fields: {} }, etag: null, at: null };
  } finally {
    clearTimeout(timer);
  }
}

/** True when repeating the very same call may help: no answer, overload or a fault on the other side. */
export const mayRetry = ({ status }) => status === 0 || status === 429 || status >= 500;
