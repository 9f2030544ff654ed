/** Who can be held in AWS, by the name that IAM gives it. */
export type Principal = {
  readonly kind: 'role' | 'user'
  readonly account: string
  readonly name: string
}

/**
 * The role or user of an ARN, of a session the role that it was assumed from. Undefined for everything else: the root of an account and
 * services are not held. Untrusted: it comes from records.
 */
export function parsePrincipal(arn: string): Principal | undefined {
  const session = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([\w+=,.@-]{1,64})\/[\w+=,.@-]{2,64}$/.exec(arn)
  const entity = /^arn:aws[a-z-]*:iam::(\d{12}):(role|user)\/(?:[\w+=,.@/-]{1,511}\/)?([\w+=,.@-]{1,64})$/.exec(arn)
  const [, account, kind, name] = session === null ? (entity ?? []) : ['', session[1], 'role', session[2]]
  if (account === undefined || name === undefined || (kind !== 'role' && kind !== 'user')) return undefined
  return { kind, account, name }
}

/** As a step names it: without path, which IAM does not need to tell names apart. */
export function principalText({ kind, account, name }: Principal): string {
  return `arn:aws:iam::${account}:${kind}/${name}`
}

export function isKeyId(text: string): boolean {
  return /^AKIA[A-Z0-9]{12,124}$/.test(text)
}
