// The snake_case name of a PascalCase event, as used in logs, metrics and transition metadata (spec 2.2).

/** `{ type: 'ReadyStepsFound' }` → `ready_steps_found`. */
export function eventType(event: { readonly type: string }): string {
  return event.type.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase();
}
