import { counted } from '@holdfast/model'
import { evidence, met, unmet, type Check } from './checks.ts'
import type { DiagnosticFacts } from './facts.ts'
import { agentPath } from './paths.ts'

/** C4: what was granted against what was used, in two lists that share nothing (OBS-4). */
export function scopeCapability({ scope, target }: DiagnosticFacts): readonly Check[] {
  const what = 'grants read from the documents that give them'
  if (scope === undefined || scope.rows === 0)
    return [unmet(what, `no document, policy or role binding was recorded that grants ${target.name} anything`)]
  const path = agentPath(target, 'scope')
  const documents = evidence('documents that grant', scope.documents, { path })
  const { unusedExcess, inheritedOverreach, inBoth, unresolved, undetermined } = scope
  const open = unresolved + undetermined
  return [
    met(what, counted(scope.rows, 'statement'), [documents]),
    inBoth === 0
      ? met(
          'two lists that share nothing',
          `${unusedExcess} unused excess, ${inheritedOverreach} inherited overreach`,
          [evidence('statements and their uses', [...scope.documents, ...scope.uses], { path })],
        )
      : unmet('two lists that share nothing', `${counted(inBoth, 'statement stands', 'statements stand')} in both`, [
          documents,
        ]),
    scope.profile === 'complete'
      ? met('a window that is whole', '30 days', [documents])
      : unmet('a window that is whole', scope.gaps.join('; '), [documents]),
    open === 0
      ? met('every principal and condition resolved', 'all', [documents])
      : unmet(
          'every principal and condition resolved',
          `${unresolved} principals and ${counted(undetermined, 'statement')} not`,
          [documents],
        ),
  ]
}
