import { expect, test } from 'vitest'
import { classesIn, judgeMemory, judgeRoute, regionOfHost, type DataRules } from './data-rules.ts'

const rules: DataRules = {
  version: 1,
  classes: [{ name: 'eu-customer', regions: ['eu'], found: ['IBAN'] }, { name: 'public' }],
  endpoints: [
    { host: 'eu.models.example', region: 'eu' },
    { host: 'models.example', region: 'us' },
    { host: 'models.example:8443', region: 'eu' },
  ],
}

test('data of a class goes to its regions, other data anywhere', () => {
  expect(judgeRoute(rules, ['eu-customer', 'public'], 'eu.models.example')).toEqual({ status: 'allowed' })
  expect(judgeRoute(rules, ['public'], 'models.example')).toEqual({ status: 'allowed' })
  expect(judgeRoute(rules, [], 'nowhere.example')).toEqual({ status: 'allowed' })
  expect(judgeRoute(rules, ['public', 'eu-customer'], 'models.example')).toEqual({
    status: 'refused',
    label: 'eu-customer',
    region: 'us',
    reason: 'eu-customer stays in eu, and models.example is in us',
  })
})

test('a host that no line names is in no region, and a label that no rule knows goes nowhere', () => {
  expect(judgeRoute(rules, ['eu-customer'], 'nowhere.example')).toMatchObject({ status: 'refused', region: undefined })
  expect(judgeRoute(rules, ['eu-custmer'], 'eu.models.example')).toMatchObject({
    reason: 'no rule knows the class eu-custmer',
  })
})

test('a line with a port goes before one without', () => {
  expect(
    ['models.example:8443', 'MODELS.example:1', 'eu.models.example'].map((host) => regionOfHost(rules, host)),
  ).toEqual(['eu', 'us', 'eu'])
})

test('a text is of the classes whose patterns are in it', () => {
  const finds = (pattern: string, text: string): boolean => text.includes(pattern)
  expect(classesIn(rules, ['hello', 'my IBAN is'], finds)).toEqual(['eu-customer'])
  expect(classesIn(rules, ['hello'], finds)).toEqual([])
})

const memory: DataRules = {
  version: 1,
  classes: [
    { name: 'health', regulated: true },
    { name: 'contact', regulated: true, keepDays: 30 },
    { name: 'order', keepDays: 90 },
    { name: 'public' },
  ],
  endpoints: [],
}

test.each([
  [[], [], { status: 'kept' }],
  [['public'], [], { status: 'kept' }],
  [['order'], [], { status: 'kept', label: 'order', keepDays: 90 }],
  [['order', 'contact'], ['contact'], { status: 'kept', label: 'contact', keepDays: 30 }],
  [['health'], [], { status: 'refused', fault: 'no-rule' }],
  [[], ['health'], { status: 'refused', fault: 'unlabelled' }],
  [['public'], ['contact'], { status: 'refused', fault: 'unlabelled' }],
  [['helth'], [], { status: 'refused', fault: 'unknown-class' }],
])('a text stated as %j and found to be %j is judged %j', (stated, found, judged) => {
  expect(judgeMemory(memory, { stated, found })).toMatchObject(judged)
})
