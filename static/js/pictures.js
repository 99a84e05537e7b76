// A picture that is not there leaves the empty sheet behind it, not a sign of breakage.

export function hideMissingPictures() {
  document.addEventListener("error", (event) => drop(event.target), true);
  for (const image of document.images) if (image.complete && !image.naturalWidth) drop(image);
}

function drop(element) {
  if (element instanceof HTMLImageElement && element.closest(".thumb, .rail, .original")) element.remove();
}
