import { tellsSecrets } from './never-legitimate.ts'
import { actionClass, actionsOf } from './reference.ts'

/** An action that is let because another one was seen, and the rule that says so. */
export type Closure = { readonly action: string; readonly rule: string }

/**
 * Actions of the same class as an observed one, for the same resources: for a list or a read, those of the same level, the
 * same noun and the same resource types, so that a paged, a batched and a single form of one question are one
 * (`ssm:GetCommandInvocation` and no other read of that service). None that tells secrets comes in by class. Writes have no
 * class; a few need a companion to work at all.
 */
export function closureOf(action: string): readonly Closure[] {
  const own = actionClass(action)
  const companions = (COMPANIONS.get(action.toLowerCase()) ?? []).map((one) => ({
    action: one,
    rule: `${action} does not work without it, or is the same in another form`,
  }))
  if (own === undefined || (own.level !== 'list' && own.level !== 'read')) return companions
  const [noun, types] = [nounOf(own.name), typesOf(own)]
  const siblings = actionsOf(own.service).flatMap((one): readonly Closure[] => {
    const name = `${own.service}:${one.name}`
    const isSame = one.level === own.level && nounOf(one.name) === noun && typesOf(one) === types
    if (!isSame || one.name === own.name || tellsSecrets(name)) return []
    return [{ action: name, rule: `the same question as ${action}: ${own.level} of ${noun || own.name}` }]
  })
  return [...companions, ...siblings]
}

const COMPANIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['s3:putobject', ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts']],
  ['bedrock:invokemodel', ['bedrock:InvokeModelWithResponseStream']],
  ['bedrock:invokemodelwithresponsestream', ['bedrock:InvokeModel']],
  ['sqs:receivemessage', ['sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl']],
  ['sqs:sendmessage', ['sqs:GetQueueUrl']],
  ['logs:putlogevents', ['logs:CreateLogStream']],
])

/** `BatchGetItems` and `GetItem` ask for an item: verb and number apart. */
function nounOf(name: string): string {
  const noun = name.replace(/^(?:BatchGet|BatchDescribe|Describe|List|Get|Head|Search|Lookup)/, '')
  return noun.replace(/ies$/, 'y').replace(/(?<=[^s])s$/, '')
}

function typesOf({ types }: { readonly types: readonly { readonly name: string }[] }): string {
  return types.map(({ name }) => name).join(' ')
}
