/** A policy in AWS's own grammar, as it is applied (AWS: "Grammar of the IAM JSON policy language"). */
export type IamPolicy = {
  readonly Version: '2012-10-17' | '2008-10-17'
  readonly Id?: string
  readonly Statement: readonly IamStatement[]
}

export type OneOrMore = string | readonly string[]

export type IamStatement = {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: IamPrincipal
  readonly NotPrincipal?: IamPrincipal
  readonly Action?: OneOrMore
  readonly NotAction?: OneOrMore
  readonly Resource?: OneOrMore
  readonly NotResource?: OneOrMore
  readonly Condition?: IamConditions
}

export type IamPrincipal = '*' | Readonly<Record<string, OneOrMore>>

/** Operator -> key -> values. */
export type IamConditions = Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>

/** A list, however many were written. */
export function listOf(value: OneOrMore | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}

/** Characters as IAM counts them against its quotas: white space apart. */
export function policySize(policy: IamPolicy): number {
  return JSON.stringify(policy).replaceAll(/\s/g, '').length
}
