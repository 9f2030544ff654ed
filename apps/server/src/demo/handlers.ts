import type { Handlers } from '../http/handlers.ts'
import type { Demos } from './demos.ts'

type DemoRoute = 'getDemo' | 'beginDemo' | 'tellDemo' | 'removeDemo'

/** Demo data and its removal. */
export function demoHandlers(demos: Demos): Pick<Handlers, DemoRoute> {
  return {
    getDemo: async () => demos.answer(),
    beginDemo: ({ body, caller }) => demos.begin(body, caller.name),
    tellDemo: ({ params, body, caller }) => demos.tell(params, body, caller.name),
    removeDemo: async ({ caller }) => ({ removed: [...(await demos.remove(caller.name))] }),
  }
}
