// Times as people read them.

/** `12 ms`, `1.25 s`, `3 min 20 s`, `2 h 5 min`; a dash for a time that is not known. */
export function formatDuration(ms: number | undefined): string {
  if (ms === undefined) return '-';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(2)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `2026-01-31 12:00:00Z`; a dash for a time that is not known. */
export function formatTime(atMs: number | undefined): string {
  return atMs === undefined ? '-' : `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
