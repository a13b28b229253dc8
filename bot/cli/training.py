"""Training with a progress display."""
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from bot.dialogue import training
from bot.settings import Settings, environ
from bot.storage.folder import make_folder

#: Only for the bar's pace: what training the demo shop took on two cores.
USUAL_S = 50.0


def train_if_needed(settings: Settings, *, force: bool = False) -> None:
    """Train where the model is missing or older than its sources.

    Raises:
        SportelloError: training failed.
    """
    console = Console(stderr=True)
    if not force and training.is_fresh(settings.project):
        console.print("The model is up to date.", style="dim")
        return
    make_folder(settings.environment.state)
    log = settings.environment.state / "train.log"
    elapsed = TextColumn("{task.fields[seconds]:.0f} s")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), elapsed)
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Training the model", total=USUAL_S, seconds=0.0)

        def tick(seconds: float) -> None:
            # Never full before the end: nobody knows how long it takes on this machine.
            progress.update(task, completed=USUAL_S * seconds / (seconds + USUAL_S / 3), seconds=seconds)

        seconds = training.train(settings.project, log, tick, environment=environ())
    size = training.model_file(settings.project).stat().st_size / 1e6
    console.print(f"Model trained in {seconds:.0f} s ({size:.1f} MB).")
