import { accountIn, member, statementsIn, textsNamed, textsOf, valuesIn } from './authority-documents.ts'
import type { Leaf, Statement, Value } from './authority-documents.ts'
import type { Family } from './authority-families.ts'
import type { ApiCall, Verdict } from './authority-rules.ts'
import { quoted } from './findings.ts'

/**
 * What an AWS call says by what it carried: to whom it gives, which policy, which ports. Undefined where neither says more
 * than the action's name does. An action whose meaning lies in its document alone gives `weak` for the harmless ones.
 */
export function awsRule(call: ApiCall, request: Value | undefined): Verdict | undefined {
  const values = valuesIn(request)
  return BY_ACTION[call.action]?.(call, values, request) ?? sharedWithAll(call, values)
}

type Judge = (call: ApiCall, values: readonly Leaf[], request: Value | undefined) => Verdict | undefined

function verdict(family: Family, strength: number, words: string): Verdict {
  return { family, strength, words }
}

/** Policies of AWS itself that give all, or the power to give it to oneself. */
const ADMIN_POLICY =
  /:aws:policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess|AWSOrganizationsFullAccess|job-function\/SystemAdministrator)$/

function attachesPolicy(_: ApiCall, values: readonly Leaf[]): Verdict {
  const arn = textsNamed(values, 'policyarn')[0] ?? ''
  return ADMIN_POLICY.test(arn)
    ? verdict('escalation', 0.8, `gave a policy of administrators (${quoted(arn)})`)
    : verdict('escalation', 0.3, `attached a policy (${quoted(arn)})`)
}

function putsPolicy(_: ApiCall, values: readonly Leaf[]): Verdict {
  return statementsIn(values).some(isWide)
    ? verdict('escalation', 0.75, 'wrote a policy that lets everything, or lets its holder change what it may')
    : verdict('escalation', 0.4, 'wrote a policy into a principal')
}

function isWide({ actions, resources }: Statement): boolean {
  const isAll = actions.some((action) => action === '*' || /^(iam|sts):\*$/i.test(action))
  const isSelfGiving = actions.some((action) =>
    /^iam:(Attach|Put)(User|Role|Group)Policy$|^iam:(CreatePolicyVersion|PassRole|CreateAccessKey|UpdateAssumeRolePolicy)$/i.test(
      action,
    ),
  )
  return isAll || (isSelfGiving && resources.includes('*'))
}

/** A key or password of one's own is renewed all the time; one of somebody else's is a way in as them. */
function loginOfOther(family: Family, words: string): Judge {
  return (call, values) => {
    const user = textsNamed(values, 'username')[0]
    const own = call.principal.id.slice(call.principal.id.lastIndexOf('/') + 1)
    // Who comes by a directory bears there the name of the user.
    const isOwn = user === undefined ? call.principal.kind === 'user' : user === own || user === call.principal.session
    if (isOwn) return verdict(family, 0.2, `${words} of its own`)
    return verdict(family, 0.65, `${words} of another user (${quoted(user ?? 'not told')})`)
  }
}

function trusts(call: ApiCall, values: readonly Leaf[]): Verdict {
  const open = statementsIn(values).find(
    ({ principals, isConditional }) => !isConditional && principals.some((one) => isOutsider(call, one)),
  )
  const outsider = open?.principals.find((one) => isOutsider(call, one))
  return outsider === undefined
    ? verdict('persistence', call.action === 'iam:CreateRole' ? 0.25 : 0.4, 'says who may become a role')
    : verdict('persistence', 0.8, `lets ${quoted(outsider)}, outside of the account, become a role`)
}

function isOutsider({ principal }: ApiCall, one: string): boolean {
  if (one === '*') return true
  const account = accountIn(one)
  return account !== undefined && principal.account !== undefined && account !== principal.account
}

function permits(call: ApiCall, values: readonly Leaf[]): Verdict {
  const to = textsNamed(values, 'principal')[0] ?? ''
  return isOutsider(call, to)
    ? verdict('persistence', 0.75, `lets ${quoted(to)} call a function`)
    : verdict('persistence', 0.2, 'lets a service call a function')
}

/** `add`, `valuesToAdd`: who gets a copy of a disk or a database. */
function shares(call: ApiCall, values: readonly Leaf[], request: Value | undefined): Verdict | undefined {
  const added = valuesIn(
    member(member(request, 'createvolumepermission', 'launchpermission'), 'add') ??
      member(request, 'valuestoadd') ??
      null,
  )
  const all = added.flatMap(({ value }) => textsOf(value))
  if (all.includes('all')) return verdict('exfiltration', 0.9, 'made a copy of data public')
  const account = all.find((one) => isOutsider(call, one))
  return account === undefined
    ? undefined
    : verdict('exfiltration', 0.75, `shared a copy of data with account ${quoted(account)}`)
}

/** Ports by which people and databases are reached; a web server's may be open to all. */
const INNER_PORTS = [22, 3389, 23, 445, 1433, 3306, 5432, 6379, 9200, 27017, 2375, 6443]

function opensPorts(_: ApiCall, values: readonly Leaf[]): Verdict | undefined {
  const isOpen = values.some(
    ({ name, value }) =>
      /^cidrip(v6)?$|^cidrblock$|^ipv6cidrblock$/i.test(name) && typeof value === 'string' && value.endsWith('/0'),
  )
  if (!isOpen || textsNamed(values, 'ruleaction').includes('deny')) return undefined
  const ranges = values.flatMap(({ value }) => {
    const from = member(value, 'fromport', 'from')
    const to = member(value, 'toport', 'to')
    return typeof from === 'number' && typeof to === 'number' ? [[from, to] as const] : []
  })
  const isInner =
    ranges.length === 0 ||
    ranges.some(([from, to]) => from < 0 || INNER_PORTS.some((port) => port >= from && port <= to))
  return isInner
    ? verdict('exfiltration', 0.65, 'opened an inner port, or all, to every address')
    : verdict('exfiltration', 0.25, 'opened a port to every address')
}

function instances(_: ApiCall, values: readonly Leaf[]): Verdict | undefined {
  const type = textsNamed(values, 'instancetype')[0] ?? ''
  const most = Math.max(
    0,
    ...values.flatMap(({ name, value }) => (name === 'maxCount' && typeof value === 'number' ? [value] : [])),
  )
  // Families with accelerators, which those who mine or train on another's account ask for.
  return /^(p\d|g\d|trn|inf|dl)/.test(type) && most > 1
    ? verdict('impact', 0.65, `started ${most} machines of the expensive kind ${quoted(type)}`)
    : undefined
}

function startScript(_: ApiCall, values: readonly Leaf[]): Verdict | undefined {
  return values.some(({ name }) => name === 'userData')
    ? verdict('execution', 0.6, 'changed the script that a machine runs as root when it starts')
    : undefined
}

function consoleLogin({ principal, decision }: ApiCall, values: readonly Leaf[]): Verdict | undefined {
  if (decision !== 'allowed') return undefined
  if (principal.kind === 'root') return verdict('initial-access', 0.6, 'signed in as the root of the account')
  // Who signs in by another house's directory has answered there.
  return principal.kind === 'user' && textsNamed(values, 'mfaused').includes('No')
    ? verdict('initial-access', 0.5, 'signed in with a password alone')
    : undefined
}

function turnsOff(family: Family, strength: number, words: string, isOff: (values: readonly Leaf[]) => boolean): Judge {
  return (_, values) => (isOff(values) ? verdict(family, strength, words) : undefined)
}

const has =
  (name: string, ...wanted: readonly unknown[]) =>
  (values: readonly Leaf[]): boolean =>
    values.some((one) => one.name === name && wanted.includes(one.value))

const attach = attachesPolicy
const otherKey = loginOfOther('persistence', 'made an access key')
const databaseOpened = turnsOff(
  'exfiltration',
  0.6,
  'made a database reachable from everywhere',
  has('publiclyAccessible', true, 'true'),
)

const BY_ACTION: Readonly<Record<string, Judge>> = {
  'iam:AttachUserPolicy': attach,
  'iam:AttachRolePolicy': attach,
  'iam:AttachGroupPolicy': attach,
  'iam:PutUserPolicy': putsPolicy,
  'iam:PutRolePolicy': putsPolicy,
  'iam:PutGroupPolicy': putsPolicy,
  'iam:CreatePolicyVersion': putsPolicy,
  'iam:CreateAccessKey': otherKey,
  'iam:CreateLoginProfile': loginOfOther('persistence', 'made a password'),
  'iam:UpdateLoginProfile': loginOfOther('escalation', 'changed the password'),
  'iam:UpdateAssumeRolePolicy': trusts,
  'iam:CreateRole': trusts,
  'lambda:AddPermission': permits,
  'lambda:UpdateFunctionConfiguration': turnsOff(
    'persistence',
    0.5,
    'put a layer of code before a function',
    (values) => values.some(({ name, value }) => name === 'layers' && Array.isArray(value) && value.length > 0),
  ),
  'ec2:ModifySnapshotAttribute': shares,
  'ec2:ModifyImageAttribute': shares,
  'rds:ModifyDBSnapshotAttribute': shares,
  'rds:ModifyDBClusterSnapshotAttribute': shares,
  'ec2:AuthorizeSecurityGroupIngress': opensPorts,
  'ec2:CreateNetworkAclEntry': opensPorts,
  'ec2:RunInstances': instances,
  'ec2:ModifyInstanceAttribute': startScript,
  'signin:ConsoleLogin': consoleLogin,
  's3:PutBucketVersioning': turnsOff(
    'impairment',
    0.5,
    'stopped keeping earlier versions of objects, or asking for a second factor to delete them',
    (values) => has('Status', 'Suspended', 'Disabled')(values) || has('MfaDelete', 'Disabled')(values),
  ),
  's3:PutBucketLogging': turnsOff(
    'impairment',
    0.5,
    'stopped noting who reads a bucket',
    (values) =>
      // What is not told is no proof: the empty setting must be there.
      values.some(({ name }) => name === 'BucketLoggingStatus') &&
      !values.some(({ name }) => name === 'LoggingEnabled'),
  ),
  's3:PutObject': turnsOff('impact', 0.5, 'wrote an object under a key that only its writer has', (values) =>
    values.some(({ name }) => name === 'x-amz-server-side-encryption-customer-algorithm'),
  ),
  'rds:ModifyDBCluster': turnsOff(
    'impairment',
    0.4,
    'let a database be deleted',
    has('deletionProtection', false, 'false'),
  ),
  'rds:ModifyDBInstance': (call, values, request) =>
    databaseOpened(call, values, request) ??
    (values.some(({ name }) => name === 'masterUserPassword')
      ? verdict('persistence', 0.4, 'changed the password of a database’s master')
      : has('deletionProtection', false, 'false')(values)
        ? verdict('impairment', 0.4, 'let a database be deleted')
        : undefined),
  'rds:RestoreDBInstanceFromDBSnapshot': databaseOpened,
  'macie2:UpdateMacieSession': turnsOff(
    'impairment',
    0.6,
    'paused the watch over stored data',
    has('status', 'PAUSED'),
  ),
  'guardduty:UpdateDetector': turnsOff('impairment', 0.8, 'switched threat detection off', has('enable', false)),
  'organizations:LeaveOrganization': ({ principal }) =>
    verdict('impairment', 0.8, `took account ${quoted(principal.account ?? '')} out of its organisation’s limits`),
}

/** A policy of a resource that everybody meets, or an access list for all. */
function sharedWithAll({ action }: ApiCall, values: readonly Leaf[]): Verdict | undefined {
  // Names of one's own statements and reads carry no policy that takes effect.
  if (!/:(Put|Set|Create|Update|Add|Modify)/.test(action)) return undefined
  const texts = values.flatMap(({ value }) => textsOf(value))
  const isPublic =
    statementsIn(values).some(({ principals, isConditional }) => !isConditional && principals.includes('*')) ||
    texts.some((text) => /^https?:\/\/acs\.amazonaws\.com\/groups\/global\/|^public-read/.test(text))
  return isPublic ? verdict('exfiltration', 0.75, 'opened a resource to everybody') : undefined
}
