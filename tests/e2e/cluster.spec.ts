// A cluster's page: all that the last verbose reply told, in words, with the way to its logs.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/sandbox";
import { clusterId } from "./support/site";

const cluster = (name: string) => `./connections/hadoop-eco/clusters/${clusterId(name)}`;

/** What the page tells, by name. */
const fact = (page: Page, name: string) =>
  page.getByRole("main").locator(".fact", { has: page.getByText(name, { exact: true }) }).locator("dd");

test("all that was told of it is there", async ({ page }) => {
  await page.goto(cluster("clickstream-ha"));
  const told = {
    Type: "Core Hadoop",
    Version: "Hadoop Eco 2.1.0",
    Components: "Hadoop 3.3.4, Hive 3.1.3, Spark 3.4.1, Tez 0.10.2",
    "High availability": "Yes",
    Masters: "3 × m2a.2xlarge, 100 GB",
    Workers: "8 × m2a.4xlarge, 500 GB",
    "Task nodes": "4 × c2a.2xlarge, 100 GB",
    "HDFS block size": "128 MB",
    "HDFS replication": "3",
    Task: "Spark",
    "Ends the cluster": "always",
    "Deploy mode": "cluster",
    Owner: "data-platform",
    "Key pair": "data-platform",
  };
  for (const [name, value] of Object.entries(told)) await expect(fact(page, name)).toHaveText(value);
  for (const name of ["File", "Logs", "Options", "Parameters", "Security groups", "Image"]) await expect(fact(page, name)).not.toBeEmpty();
});

test("the place of its logs is a link, or is copied where no browser can go", async ({ context, page }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(cluster("legacy-ingest"));
  const link = fact(page, "Logs").getByRole("link");
  await expect(link).toHaveAttribute("href", /^https:\/\/objects\.example\/job-logs\/req-[0-9a-f]{32}$/);
  await expect(link).toHaveAttribute("rel", "noopener noreferrer");
  await page.goto(cluster("clickstream-ha"));
  await fact(page, "Logs").getByRole("button").click();
  const copied = new RegExp(`^s3a://job-logs/${clusterId("clickstream-ha")}/req-[0-9a-f]{32}$`);
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(copied);
});

test("what people left in its texts is shown when it is asked for, with the secrets masked", async ({ page }) => {
  await page.goto(cluster("partner-feed"));
  const text = page.locator("pre");
  await expect(text.first()).toBeHidden();
  await page.getByText("Cluster configuration", { exact: true }).click();
  await expect(text.first()).toContainText("fs.swifta.service.kic.credential.secret");
  await page.getByText("User script", { exact: true }).click();
  await expect(text.nth(1)).toContainText("PARTNER_API_TOKEN");
  for (const shown of [text.first(), text.nth(1), fact(page, "Options"), fact(page, "Parameters")]) await expect(shown).toContainText("***");
  await expect(page.getByRole("main")).not.toContainText(/sandbox-(swift|script|jdbc|partner-s3)-(secret|token)/);
});
