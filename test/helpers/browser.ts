import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

/** What a page did beside showing itself. */
export interface PageWatch {
  page: Page;
  /** Console errors and warnings, uncaught errors, refusals of the security policy. */
  complaints: string[];
  /** Addresses asked for beside the page's own. */
  requests: string[];
}

const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const offline = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Debian's Chromium, without a sandbox (it may run as root) and without traffic of its own. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: [...quiet, ...offline] });
}

/** Opens a file as a page and listens to it from the start. */
export async function openFile(
  browser: Browser,
  file: string,
  options: { width?: number; height?: number; dark?: boolean } = {},
): Promise<PageWatch> {
  const page = await browser.newPage({
    viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    colorScheme: options.dark === true ? "dark" : "light",
  });
  const address = pathToFileURL(file).href;
  const watch: PageWatch = { page, complaints: [], requests: [] };
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) watch.complaints.push(message.text());
  });
  page.on("pageerror", (error) => watch.complaints.push(error.message));
  page.on("request", (request) => {
    if (request.url() !== address && !request.url().startsWith("data:")) watch.requests.push(request.url());
  });
  await page.goto(address, { waitUntil: "load" });
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  return watch;
}
