"""The importer that a shop's config.yml names: through it Rasa's own commands read the framework under the shop."""
from typing import Any

import rasa.shared.utils.io
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers import utils
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

from bot.dialogue.merge import BASE_CONFIG, BASE_NLU, BASE_RULES, read_domain


class ShopImporter(RasaFileImporter):  # type: ignore[misc]
    """A shop's files over the framework's.

    config.yml: a key of the shop replaces the framework's. domain.yml: a text, slot or form of the shop replaces the
    framework's of that name, lists join. Examples join. A rule of the shop replaces the framework's of that name.
    """

    @cached_method  # type: ignore[untyped-decorator,unused-ignore]
    def get_config(self) -> dict[str, Any]:
        base = rasa.shared.utils.io.read_config_file(BASE_CONFIG)
        own = rasa.shared.utils.io.read_config_file(self.config_file) if self.config_file else {}
        return {**base, **{key: value for key, value in own.items() if value is not None}}

    @cached_method  # type: ignore[untyped-decorator,unused-ignore]
    def get_domain(self) -> Domain:
        return read_domain(self._domain_path)

    @cached_method  # type: ignore[untyped-decorator,unused-ignore]
    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        domain = self.get_domain()
        own = utils.story_graph_from_paths(self._story_files, domain, exclusion_percentage)
        base = utils.story_graph_from_paths([str(BASE_RULES)], domain, exclusion_percentage)
        replaced = {step.block_name for step in own.story_steps}
        kept = [step for step in base.story_steps if step.block_name not in replaced]
        return StoryGraph([*kept, *own.story_steps])

    @cached_method  # type: ignore[untyped-decorator,unused-ignore]
    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        base = utils.training_data_from_paths([str(file) for file in sorted(BASE_NLU.glob("*.yml"))], language)
        return base.merge(super().get_nlu_data(language))
