/** Records from the microphone and gives it back as a WAV the server takes as it is: 16-bit, mono, 22,050 Hz. */

const RATE = 22050;

export const canRecord = () =>
  Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia && window.MediaRecorder && window.OfflineAudioContext);

/** Samples from −1 to 1 as a WAV file. */
export function wavOf(samples) {
  const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const text = (at, letters) => [...letters].forEach((letter, n) => view.setUint8(at + n, letter.charCodeAt(0)));
  text(0, 'RIFF');
  view.setUint32(4, 36 + samples.length * 2, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, n) => view.setInt16(44 + n * 2, Math.max(-1, Math.min(1, sample)) * 32767, true));
  return new Blob([view], { type: 'audio/wav' });
}

/** What a browser recorded (webm, ogg, mp4) as WAV, no longer than `longest` seconds. */
export async function toWav(recorded, context, longest) {
  const heard = await context.decodeAudioData(await recorded.arrayBuffer());
  const seconds = Math.min(heard.duration, longest);
  const plain = new OfflineAudioContext(1, Math.max(1, Math.floor(seconds * RATE)), RATE);
  const source = plain.createBufferSource();
  source.buffer = heard;
  source.connect(plain.destination);
  source.start();
  return wavOf((await plain.startRendering()).getChannelData(0));
}

/**
 * Starts recording; the answer has `stop()` and `done`, a promise of the recording. Stops by itself after `longest`
 * seconds. `onLevel` hears 0–1 while it goes on. Rejects when the microphone is refused.
 */
export async function startRecording(context, longest, onLevel) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } });
  const recorder = new MediaRecorder(stream);
  const parts = [];
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const heard = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(heard);
    onLevel(heard.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0));
  }, 60);
  const stop = () => recorder.state !== 'inactive' && recorder.stop();
  const limit = setTimeout(stop, longest * 1000);
  const done = new Promise((finished) => {
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = () => {
      clearInterval(timer);
      clearTimeout(limit);
      stream.getTracks().forEach((track) => track.stop());
      onLevel(0);
      finished(new Blob(parts, { type: recorder.mimeType }));
    };
  });
  recorder.start();
  return { stop, done };
}
