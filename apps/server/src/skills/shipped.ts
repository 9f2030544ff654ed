/** Digests of the skills that ship: bytes that differ are somebody's own and run only once they are approved. */
export const SHIPPED_SKILLS: ReadonlyMap<string, string> = new Map([
  ['agent-retirement', 'd26390a89da2cef1f17ed3819e4d285ecb34313940ac5f9ffa549511ba490c2c'],
  ['corpus-quarantine', '1ac8bf42fef1c744766cbabbd3a4cd298b99451e5ce43ba432acd54ee3bfe2d1'],
  ['credential-freeze', 'ee1a4817389787523ae42b08ec46abf10a4d015176954e60c65f223dbb7dd9ba'],
  ['host-isolation', 'd42d5ae1eaee5ea6c48a083dc72269d7e100cb5ade0f55e0d99b8f7694755036'],
  ['memory-acquisition', 'ddf89426eb16b5976a110bba83497fdb5afdc2ce4fb2f078c4cbfb0c78440d83'],
  ['rollback', 'f678fcd80c68cec077652128c6802b9824cdefc9032f6c8dc0bb11b053288109'],
  ['siem-notification', '74adced439354f31cea8fc71bdc5463f77d3bf722c0f9ceb273bf9628018f19f'],
])
