// Templates this process has read, by uuid: a row never changes, so a cached one never goes stale.
import { TaskerError } from '../domain/errors.ts';
import type { RegisteredTemplate, TemplateStore } from './store.ts';

// Spec 5.4: at most 1000 templates; the one read longest ago goes first.
const maxEntries = 1000;

export interface TemplateCache {
  /** Throws TEMPLATE_NOT_FOUND when no row has this uuid. */
  byUuid(namedTaskUuid: string): Promise<RegisteredTemplate>;
  /** Undefined when it would have to be read first. */
  peek(namedTaskUuid: string): RegisteredTemplate | undefined;
  add(template: RegisteredTemplate): void;
}

export function createTemplateCache(store: Pick<TemplateStore, 'templateByUuid'>): TemplateCache {
  const known = new Map<string, RegisteredTemplate>();
  const loading = new Map<string, Promise<RegisteredTemplate>>();
  const cache: TemplateCache = {
    peek: (uuid) => known.get(uuid),
    add(template) {
      known.delete(template.namedTaskUuid);
      known.set(template.namedTaskUuid, template);
      const oldest = known.keys().next();
      if (known.size > maxEntries && oldest.done !== true) known.delete(oldest.value);
    },
    async byUuid(uuid) {
      const hit = known.get(uuid);
      if (hit !== undefined) return hit;
      // A burst of steps of a new template asks at the same moment: one query answers all.
      const reading = loading.get(uuid) ?? read(uuid).finally(() => loading.delete(uuid));
      loading.set(uuid, reading);
      return reading;
    },
  };
  async function read(uuid: string): Promise<RegisteredTemplate> {
    const found = await store.templateByUuid(uuid);
    if (found === undefined) {
      throw new TaskerError(
        'TEMPLATE_NOT_FOUND',
        `no named task has the uuid ${uuid}; a task refers to a template that was deleted.`,
        { kind: 'infrastructure' },
      );
    }
    cache.add(found);
    return found;
  }
  return cache;
}
