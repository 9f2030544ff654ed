import type { Handlers } from '../http/handlers.ts'
import type { ManagedPlatforms } from './managed-platforms.ts'

type ManagedRoute = 'listManagedPlatforms' | 'sweepManagedPlatforms'

/** The routes of platforms that host agents. */
export function managedHandlers(managed: ManagedPlatforms): Pick<Handlers, ManagedRoute> {
  return {
    listManagedPlatforms: async () => ({ items: [...managed.list()] }),
    sweepManagedPlatforms: async ({ caller }) => ({ items: [...(await managed.sweep(caller.name))] }),
  }
}
