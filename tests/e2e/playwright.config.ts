// Run by `cargo verify e2e`, `cargo verify portal` and `cargo verify peers`, which say in the environment what to test and with what:
// HOWDAH_CHROMIUM, HOWDAH_PROGRAM, and either HOWDAH_CONSOLE (the tests with simulated services) or HOWDAH_URL (a real service's).
import { defineConfig } from "@playwright/test";
import { ARGUMENTS } from "./chromium.mjs";

export default defineConfig({
  testDir: ".",
  outputDir: "../../target/e2e",
  fullyParallel: true,
  forbidOnly: true,
  // A test that passes only on a second try is a fault.
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    launchOptions: { executablePath: process.env.HOWDAH_CHROMIUM, args: ARGUMENTS },
    locale: "en-GB",
    timezoneId: "Asia/Seoul",
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "sandbox", testIgnore: ["real-*.spec.ts", "portal.spec.ts", "encrypted.spec.ts"] },
    { name: "portal", testMatch: ["portal.spec.ts", "encrypted.spec.ts"] },
    { name: "real", testMatch: "real-*.spec.ts" },
    { name: "picture", testMatch: "picture.ts" },
  ],
});
