// How Chromium is started, by the tests and by the bench.

/**
 * Every new window of today's Chromium loads pages of its own for the address bar, some hundred scripts in processes
 * beside the page that is tested: for a second they take half of a small machine. What Playwright switches off itself
 * is switched off no more once there is such a list, so what of that matters here stands in it too.
 */
export const ARGUMENTS = [
  "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,HttpsUpgrades,MediaRouter,OptimizationHints,PaintHolding",
];
