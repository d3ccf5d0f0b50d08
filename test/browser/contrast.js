/**
 * Runs in the page: texts of the board whose contrast with what is behind them is under 4.5 to 1, which WCAG asks for (AA).
 * Each as its beginning and the contrast that it has. Plain JavaScript: it is read as text, not imported.
 */
(() => {
  const channels = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const groundOf = (element) => {
    if (element === null) return [255, 255, 255];
    const ground = channels(getComputedStyle(element).backgroundColor);
    return ground.length === 4 && ground[3] === 0 ? groundOf(element.parentElement) : ground;
  };
  const luminance = (color) => {
    const [r, g, b] = color.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrastOf = (element) => {
    const pair = [channels(getComputedStyle(element).color), groundOf(element)].map(luminance);
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  };
  const isShown = (element) =>
    getComputedStyle(element).display !== 'none' &&
    [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '',
    );
  return [...document.querySelectorAll('.vct, .vct *')]
    .filter((element) => isShown(element) && contrastOf(element) < 4.5)
    .map((element) => `${element.textContent.slice(0, 30)}: ${contrastOf(element).toFixed(2)}`);
})();
