import type { Surface } from '@holdfast/model'

import type { Verb } from '../ladder/rungs.ts'

export const VERBS: readonly Verb[] = ['revoke', 'scope', 'sever']

/** What each verb means on each surface, from the gentle `revoke` of one thing to the end of a connection. */
export const SURFACE_DEEDS: Readonly<Record<Surface, Readonly<Record<Verb, string>>>> = {
  S1: { revoke: 'quarantine the item', scope: 'pin the version', sever: 'close the channel' },
  S2: { revoke: 'remove the tool', scope: 'guard its arguments', sever: 'detach the server' },
  S3: { revoke: 'freeze the credential', scope: 'narrow the role', sever: 'end the trust relation' },
  S4: { revoke: 'drop from the roster', scope: 'limit the kinds of payload', sever: 'cut the edge' },
}
