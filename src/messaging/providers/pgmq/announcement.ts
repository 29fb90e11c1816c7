// The JSON of a pgmq notification (spec 4.4): built below PostgreSQL's size limit, read back without trust.
import { channelOfQueue, namespaceOfQueue } from '../../queue-names.ts';

/** Messages of one queue that wait. `queueName` is in canonical (lower) case. */
export interface Announcement {
  readonly queueName: string;
  readonly messageIds: readonly string[];
  /** How many wait, as far as the announcer knows; more than `messageIds` when `truncated`. */
  readonly messageCount: number;
  /** Not every waiting message is listed. */
  readonly truncated: boolean;
}

export interface ReceivedAnnouncement extends Announcement {
  /** The provider instance that sent it; it told its own subscribers already. */
  readonly from: string;
}

/** pg_notify refuses 8000 bytes and more; the reference stops at 7800 as well. */
export const maxPayloadBytes = 7_800;

export interface EncodedAnnouncement {
  readonly channel: string;
  readonly payload: string;
}

/** Lists the first ids that fit below `maxPayloadBytes`; when some do not, the payload says `truncated`. */
export function encodeAnnouncement(announcement: Announcement, from: string): EncodedAnnouncement {
  const { queueName, messageIds, messageCount } = announcement;
  const body = (ids: readonly (number | string)[], truncated: boolean) =>
    JSON.stringify({
      event_type: 'batch_ready',
      queue_name: queueName,
      namespace: namespaceOfQueue(queueName),
      msg_ids: ids,
      message_count: messageCount,
      from,
      ...(truncated ? { truncated } : {}),
    });
  const ids = messageIds.map(toJsonId);
  const fitting = countFitting(ids, maxPayloadBytes - Buffer.byteLength(body([], true)) - 1);
  return {
    channel: channelOfQueue(queueName),
    payload: body(ids.slice(0, fitting), announcement.truncated || fitting < ids.length),
  };
}

/** Undefined for anything that this module did not write: other programs may notify on the same channel. */
export function decodeAnnouncement(payload: string): ReceivedAnnouncement | undefined {
  const parsed = parseObject(payload);
  if (parsed?.['event_type'] !== 'batch_ready') return undefined;
  const { queue_name: queueName, msg_ids: ids, message_count: messageCount, from, truncated } = parsed;
  if (typeof queueName !== 'string' || typeof messageCount !== 'number' || typeof from !== 'string') return undefined;
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'number' || typeof id === 'string')) return undefined;
  return { queueName: queueName.toLowerCase(), messageIds: ids.map(String), messageCount, truncated: truncated === true, from };
}

/** The reference sends numbers; an id past 2^53 stays text because JSON.parse would round it. */
function toJsonId(id: string): number | string {
  const value = Number(id);
  return Number.isSafeInteger(value) && String(value) === id ? value : id;
}

function countFitting(ids: readonly (number | string)[], budgetBytes: number): number {
  let usedBytes = 0;
  for (const [index, id] of ids.entries()) {
    usedBytes += Buffer.byteLength(JSON.stringify(id)) + 1;
    if (usedBytes > budgetBytes) return index;
  }
  return ids.length;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // An object from JSON.parse has string keys and no others.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
