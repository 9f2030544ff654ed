import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startAwsIam, type AwsIamServer } from '@holdfast/testkit'

const KEY = { id: 'AKIAHOLDFASTRESPOND0', secret: 'respond-with-no-more-than-this' } as const
const REGIONS = ['eu-central-1', 'us-east-1'] as const

/** The cloud account of a run, with its identity service at a real port, and the lines by which a server may speak to it. */
export type CloudAccount = AsyncDisposable & { readonly iam: AwsIamServer; readonly connector: string }

/** `roles`: names of the roles of the account, each of which may use what the scenarios' services are. */
export async function startCloudAccount(
  account: string,
  { roles, folder }: { readonly roles: readonly string[]; readonly folder: string },
): Promise<CloudAccount> {
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  })
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['dynamodb:*', 's3:*', 'rds-data:*', 'athena:*'], Resource: '*' }],
  }
  const stored = roles.map((name, i) => [
    name,
    {
      name,
      path: '/',
      id: `AROARESPOND${String(i).padStart(9, '0')}`,
      trust,
      inline: { work: JSON.stringify(policy) },
      attached: [],
      tags: {},
    },
  ])
  const iam = await startAwsIam({
    callers: new Map([[KEY.id, { secret: KEY.secret, account, arn: `arn:aws:iam::${account}:user/holdfast` }]]),
    accounts: new Map([[account, { roles: Object.fromEntries(stored), users: {}, policies: {} }]]),
  })
  const connector = `aws:
  - name: cloud
    endpoint: ${iam.url}
    regions: [${REGIONS.join(', ')}]
    accounts: [{ id: "${account}" }]
    access-key: { id: { file: ${secretIn(folder, 'id', KEY.id)} }, secret: { file: ${secretIn(folder, 'secret', KEY.secret)} } }
`
  return { iam, connector, [Symbol.asyncDispose]: () => iam[Symbol.asyncDispose]() }
}

function secretIn(folder: string, name: string, text: string): string {
  const path = join(folder, `key-${name}`)
  writeFileSync(path, text, { mode: 0o600 })
  return path
}
