import { CONTROL_AGENT, type EntryGroup } from '@holdfast/model'
import type { RecorderOptions } from './recorder-options.ts'
import type { KeyScope } from './types.ts'

/** Under which content key a group is stored: by agent, data class and retention rule. Control records have their own. */
export function keyScopeOf(group: EntryGroup, classify: RecorderOptions['classify']): KeyScope {
  const { agent, channel } = group.envelope
  if (channel === 'control') return { agent: CONTROL_AGENT, dataClass: 'control', retention: 'permanent' }
  const { dataClass, retention } = classify?.(group) ?? { dataClass: 'content', retention: 'default' }
  return { agent, dataClass, retention }
}
