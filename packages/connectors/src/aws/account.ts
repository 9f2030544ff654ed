import type * as Iam from '@aws-sdk/client-iam'

import { ConnectorError, wordsOf } from '../connector-error.ts'
import type { AwsAccountConfig } from './config.ts'
import type { Marked, OwnMarks } from './tags.ts'
import { ANSWER_MS, ASSUMED_SECONDS, CONNECT_MS, TRIES } from './limits.ts'

export type AwsKey = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }

/** How accounts are reached. */
export type AwsAccess = {
  readonly source:
    | { readonly kind: 'key'; readonly key: () => AwsKey }
    | { readonly kind: 'profile'; readonly profile: string }
    | { readonly kind: 'ambient' }
  readonly region: string
  readonly endpoint?: string
  readonly answerMs?: number
}

/** What both clients take. */
type Settings = {
  readonly region: string
  readonly maxAttempts: number
  readonly requestHandler: {
    readonly requestTimeout: number
    readonly throwOnRequestTimeout: true
    readonly connectionTimeout: number
  }
  readonly endpoint?: string
  readonly profile?: string
  readonly credentials?: () => Promise<AwsKey & { readonly expiration?: Date }>
}

/** The module, as a type alone: it is loaded where it is needed. */
type IamModule = typeof Iam

/** IAM of one account. The clients of AWS are loaded at the first question, since most servers have no account to ask. */
export class AwsAccount {
  readonly config: AwsAccountConfig
  readonly marks: OwnMarks
  readonly #access: AwsAccess
  #client: Promise<{ readonly iam: IamModule; readonly client: Iam.IAMClient }> | undefined

  constructor(config: AwsAccountConfig, access: AwsAccess, marks: OwnMarks) {
    this.config = config
    this.marks = marks
    this.#access = access
  }

  get id(): string {
    return this.config.id
  }

  /** What a mark on a role or user of this account is sealed with. */
  marked(kind: 'role' | 'user', name: string): Marked {
    return { entity: `${this.id}:${kind}/${name}`, seal: this.marks.seal }
  }

  /**
   * Asks IAM. Undefined where the thing asked for is not there. Throws ConnectorError: `refused` where AWS says no,
   * `unavailable` where nobody answered or we were throttled to the end.
   */
  async ask<T>(question: (client: Iam.IAMClient, iam: IamModule) => Promise<T>): Promise<T | undefined> {
    this.#client ??= this.#open()
    try {
      const { iam, client } = await this.#client
      return await question(client, iam)
    } catch (error) {
      if (nameOf(error) === 'NoSuchEntityException') return undefined
      throw asConnectorError(error, this.id)
    }
  }

  /** Who we are there. */
  async identity(): Promise<{ readonly account: string; readonly arn: string }> {
    const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts')
    const client = new STSClient(this.#settings())
    try {
      const { Account = '', Arn = '' } = await client.send(new GetCallerIdentityCommand({}))
      return { account: Account, arn: Arn }
    } catch (error) {
      throw asConnectorError(error, this.id)
    } finally {
      client.destroy()
    }
  }

  async #open() {
    const iam = await import('@aws-sdk/client-iam')
    return { iam, client: new iam.IAMClient(this.#settings()) }
  }

  #settings(): Settings {
    const base = this.#baseSettings()
    const { role } = this.config
    return role === undefined ? base : { ...base, credentials: () => assumed(role, base) }
  }

  #baseSettings(): Settings {
    const { source, region, endpoint, answerMs = ANSWER_MS } = this.#access
    return {
      region,
      maxAttempts: TRIES,
      requestHandler: { requestTimeout: answerMs, throwOnRequestTimeout: true, connectionTimeout: CONNECT_MS },
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(source.kind === 'profile' ? { profile: source.profile } : {}),
      // Read when the first question is asked, so that a file that is not there yet keeps no server from starting.
      ...(source.kind === 'key' ? { credentials: () => Promise.resolve(source.key()) } : {}),
    }
  }
}

async function assumed(role: string, settings: Settings) {
  const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts')
  const client = new STSClient(settings)
  try {
    const { Credentials: given } = await client.send(
      new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'holdfast-response', DurationSeconds: ASSUMED_SECONDS }),
    )
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {}
    if (AccessKeyId === undefined || SecretAccessKey === undefined) {
      throw new ConnectorError('refused', `${role} gave no credentials`)
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
      ...(Expiration === undefined ? {} : { expiration: Expiration }),
    }
  } finally {
    client.destroy()
  }
}

/** What a client threw, without what it sent: requests carry signatures. */
export function asConnectorError(error: unknown, account: string): ConnectorError {
  if (error instanceof ConnectorError) return error
  const name = nameOf(error)
  const code =
    typeof error === 'object' && error !== null && '$fault' in error && error.$fault === 'client'
      ? 'refused'
      : 'unavailable'
  const isThrottled = /Throttl|RequestLimit|TooManyRequests/.test(name)
  return new ConnectorError(isThrottled ? 'unavailable' : code, `account ${account}: ${name}: ${wordsOf(error)}`, {
    cause: error,
  })
}

export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error'
}
