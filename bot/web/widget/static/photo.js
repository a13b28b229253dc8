// Where a photo waits above the input until it is sent, alone or with words.
const LONGEST_SIDE = 1600;

class Tray {
  // changed(isBroken): what lies in the tray is another, or could not be read.
  constructor(say, changed) {
    Object.assign(this, { say, changed });
    this.node = el("div", { class: "tray", hidden: true });
    this.file = el("input", { type: "file", accept: "image/*", onchange: () => this.take(this.file.files[0]) });
  }

  choose() {
    this.file.value = "";
    this.file.click();
  }

  async take(file) {
    if (!file) return;
    try {
      this.show(await shrink(file));
    } catch {
      this.show(null, true);
    }
  }

  show(photo, isBroken) {
    this.photo = photo;
    this.node.hidden = !photo;
    const off = el("button", { type: "button", "aria-label": this.say("detach"), onclick: () => this.show(null) }, icon(ICONS.close));
    this.node.replaceChildren(...(photo ? [el("img", { src: photo, alt: this.say("photo") }), off] : []));
    this.changed(isBroken);
  }
}

// Drawn anew as a JPEG: small, and without word of where it was taken.
async function shrink(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = el("canvas", { width, height });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.drawImage(picture, 0, 0, width, height);
  return canvas.toDataURL("image/jpeg", 0.8);
}
