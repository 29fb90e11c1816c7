// Finds the handler a template names: a chain of resolvers by priority, and the method to call (spec 10.6).
import { TaskerError } from '../domain/errors.ts';
import type { Handler, HandlerFunction } from './handler.ts';

export interface HandlerQuery {
  readonly callable: string;
  /** Default `call`. */
  readonly method?: string | undefined;
  /** Only the resolver of this name is asked. */
  readonly resolver?: string | undefined;
}

export interface HandlerResolver {
  readonly name: string;
  /** Asked in ascending order; the explicit mapping has 10, 20–99 are for resolvers of the domain. */
  readonly priority: number;
  resolve(callable: string): Handler | undefined;
}

export interface HandlerRegistry {
  /** Throws HANDLER_DUPLICATE when the name is taken. */
  register(callable: string, handler: Handler): void;
  unregister(callable: string): boolean;
  isRegistered(callable: string): boolean;
  addResolver(resolver: HandlerResolver): void;
  /** False: one of the resolvers asked could know the callable and none does. A resolver that is not there is for `resolve` to name. */
  knows(query: HandlerQuery): boolean;
  /** Throws HANDLER_NOT_FOUND or HANDLER_METHOD_MISSING, both of kind `input`, naming what was tried. */
  resolve(query: HandlerQuery): HandlerFunction;
  /** Registered names in alphabetical order. */
  list(): readonly string[];
  /** True when the list is all there is: no further resolver may know more. */
  isListed(): boolean;
}

export function createHandlerRegistry(handlers: Readonly<Record<string, Handler>> = {}): HandlerRegistry {
  const mapping = new Map<string, Handler>();
  const resolvers: HandlerResolver[] = [{ name: 'explicit_mapping', priority: 10, resolve: (callable) => mapping.get(callable) }];
  const askedOf = ({ resolver }: HandlerQuery): readonly HandlerResolver[] =>
    resolver === undefined ? resolvers : resolvers.filter(({ name }) => name === resolver);
  const registry: HandlerRegistry = {
    register(callable, handler) {
      if (mapping.has(callable)) {
        throw new TaskerError(
          'HANDLER_DUPLICATE',
          `a handler named ${callable} is registered already; unregister it first, or use another name.`,
          { kind: 'input' },
        );
      }
      mapping.set(callable, handler);
    },
    unregister: (callable) => mapping.delete(callable),
    isRegistered: (callable) => mapping.has(callable),
    addResolver(resolver) {
      resolvers.push(resolver);
      resolvers.sort((a, b) => a.priority - b.priority);
    },
    knows(query) {
      const asked = askedOf(query);
      return asked.length === 0 || asked.some((resolver) => resolver.resolve(query.callable) !== undefined);
    },
    resolve(query) {
      const asked = askedOf(query);
      for (const resolver of asked) {
        const handler = resolver.resolve(query.callable);
        if (handler !== undefined) return entryPoint(query, handler);
      }
      throw notFound(query, asked, registry.list());
    },
    list: () => [...mapping.keys()].toSorted(),
    isListed: () => resolvers.length === 1,
  };
  for (const [name, handler] of Object.entries(handlers)) registry.register(name, handler);
  return registry;
}

function notFound(query: HandlerQuery, asked: readonly HandlerResolver[], known: readonly string[]): TaskerError {
  const tried =
    asked.length === 0 ? `no resolver is named ${query.resolver ?? ''}` : `tried ${asked.map(({ name }) => name).join(', ')}`;
  const have = known.length === 0 ? 'no handler is registered' : `registered are ${known.join(', ')}`;
  return new TaskerError(
    'HANDLER_NOT_FOUND',
    `Handler not found: ${query.callable} (${tried}; ${have}). Export it from the handlers module, or correct handler.callable in the template.`,
    {
      kind: 'input',
      details: { callable: query.callable, known },
    },
  );
}

function entryPoint(query: HandlerQuery, handler: Handler): HandlerFunction {
  const method = query.method ?? 'call';
  if (typeof handler === 'function') {
    if (method === 'call') return handler;
    throw methodMissing(query.callable, method, 'the handler is a plain function');
  }
  const found = handler[method];
  if (typeof found === 'function') {
    return (input) => {
      const result: unknown = Reflect.apply(found, handler, [input]);
      return result;
    };
  }
  throw methodMissing(query.callable, method, `its methods are ${Object.keys(handler).join(', ') || 'none'}`);
}

function methodMissing(callable: string, method: string, found: string): TaskerError {
  return new TaskerError(
    'HANDLER_METHOD_MISSING',
    `handler ${callable} has no method ${method}: ${found}. Add the method, or correct handler.method in the template.`,
    {
      kind: 'input',
      details: { callable, method },
    },
  );
}
