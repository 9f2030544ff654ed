export {}
//# sourceMappingURL=inert.test.d.ts.map
