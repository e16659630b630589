export default {
  testEnvironment: "node",
  transform: {},
  extensionsToTreatAsEsm: [".ts"],
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  reporters: ["default", "<rootDir>/test/count-reporter.js"],
  // Much of the time goes into waiting for servers and browsers.
  maxWorkers: "100%",
  testTimeout: 30_000,
};
