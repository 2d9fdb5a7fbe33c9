import numpy as np
import pytest
from scipy import sparse

from nba_pipeline.features.player_ratings.decayed_ridge import DecayedRidge, solve_ridge

HALF_LIFE = 100.0


def _problem(rows: int, columns: int, seed: int = 0):
    rng = np.random.default_rng(seed)
    design = sparse.random_array((rows, columns), density=0.4, rng=rng, format="csr")
    return design, rng.normal(size=rows), rng.uniform(1, 5, rows)


def test_solve_ridge_is_the_normal_equations():
    design, y, weights = _problem(60, 8)
    dense, penalties, prior = design.toarray(), np.linspace(1, 3, 8), np.linspace(-1, 1, 8)
    gram, moments = dense.T @ (weights[:, None] * dense), dense.T @ (weights * y)
    solved, factor = solve_ridge(gram.copy(), moments, penalties, prior)
    assert np.allclose((gram + np.diag(penalties)) @ solved, moments + penalties * prior)
    assert np.allclose(np.tril(factor) @ np.tril(factor).T, gram + np.diag(penalties))


def test_without_data_the_prior_is_the_answer():
    prior = np.array([1.0, -2.0, 0.5])
    solved, _ = solve_ridge(np.zeros((3, 3)), np.zeros(3), np.full(3, 7.0), prior)
    assert np.allclose(solved, prior)


def test_rows_added_day_by_day_equal_one_decayed_regression():
    design, y, weights = _problem(90, 6)
    days = np.repeat([0.0, 50.0, 300.0], 30)
    ridge, columns, penalties = DecayedRidge(6, HALF_LIFE), np.array([4, 0, 2]), np.full(3, 0.7)
    for day in np.unique(days):
        ridge.add(design[days == day], y[days == day], weights[days == day], day)
    fit = ridge.fit(columns, penalties, 320.0)
    dense, decayed = design.toarray()[:, columns], weights * 0.5 ** ((320.0 - days) / HALF_LIFE)
    gram = dense.T @ (decayed[:, None] * dense)
    expected = np.linalg.solve(gram + np.diag(penalties), dense.T @ (decayed * y))
    assert np.allclose(fit.coefficients, expected)
    left_over = np.sum(decayed * (y - dense @ expected) ** 2) / np.sum(decayed / weights)
    assert fit.noise_variance == pytest.approx(left_over)
    covariance = fit.covariance()
    assert np.allclose(np.tril(covariance), np.tril(left_over * np.linalg.inv(gram + np.diag(penalties))))


def test_standard_errors_cover_the_truth():
    rng = np.random.default_rng(1)
    columns, penalty = 200, 4.0
    truth = rng.normal(0, 3.0 / np.sqrt(penalty), columns)
    design = sparse.random_array((3000, columns), density=0.05, rng=rng, format="csr")
    weights = rng.uniform(0.5, 2, 3000)
    y = design @ truth + rng.normal(0, 3.0 / np.sqrt(weights))
    ridge = DecayedRidge(columns, HALF_LIFE)
    ridge.add(design, y, weights, 0.0)
    fit = ridge.fit(np.arange(columns), np.full(columns, penalty), 0.0)
    errors = np.sqrt(np.diag(fit.covariance()))
    assert 0.9 <= np.mean(np.abs(fit.coefficients - truth) < 1.96 * errors) <= 0.99


def test_columns_that_nobody_asked_about_do_not_change_the_answer():
    design, y, weights = _problem(50, 5)
    wide = sparse.csr_array(sparse.hstack([design, sparse.csr_array((50, 4))]))
    answers = []
    for matrix in (design, wide):
        ridge = DecayedRidge(matrix.shape[1], HALF_LIFE)
        ridge.add(matrix, y, weights, 0.0)
        answers.append(ridge.fit(np.arange(5), np.ones(5), 3.0).coefficients)
    assert np.array_equal(*answers)
