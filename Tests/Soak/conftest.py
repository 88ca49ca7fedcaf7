"""The soak runs use the end-to-end tests' demo."""
import importlib.util
import pathlib
import sys

END_TO_END = pathlib.Path(__file__).resolve().parents[1] / "EndToEnd"
sys.path.insert(0, str(END_TO_END))
sys.path.insert(0, str(END_TO_END.parents[1] / "scripts"))
specification = importlib.util.spec_from_file_location("end_to_end", END_TO_END / "conftest.py")
end_to_end = importlib.util.module_from_spec(specification)
specification.loader.exec_module(end_to_end)
demo = end_to_end.demo
